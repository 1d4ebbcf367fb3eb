/*
title: Cohort adoption
description: Buyers that have bought from the vendor asked for by a number of quarters after their first purchase of any, as a share of all that began in the same quarter.
formula: A(c, k) = buyers of cohort c whose first purchase from the vendor is at most k quarters after their first of any / buyers of cohort c
notes: The empirical distribution of adoption times by cohort (Rogers, Diffusion of Innovations, 2003, chapter 7). Ages past the last quarter are left out, so no cohort is judged before its time.
unit: percent
period: cohort
dimensions: [age]
value: adoption
columns:
  adopters: {title: Buyers so far, unit: count}
*/
with steps as (
  select distinct buyer, vendor, quarter,
         cast(substr(quarter, 1, 4) as integer) * 4 + cast(substr(quarter, 6, 1) as integer) as counter
  from uses
),
firsts as (
  select buyer, min(quarter) as cohort, min(counter) as began, min(case when vendor = $vendor then counter end) as adopted
  from steps
  group by buyer
),
ages as (
  select distinct counter - (select min(counter) from steps) as age from steps
)
select f.cohort, a.age,
       100.0 * count(case when f.adopted - f.began <= a.age then 1 end) / count(*) as adoption,
       count(case when f.adopted - f.began <= a.age then 1 end) as adopters
from firsts f
join ages a on f.began + a.age <= (select max(counter) from steps)
group by f.cohort, a.age
