/*
title: Time to the second developer
description: >-
  Quarters from an enterprise’s first AI use to its first use of a second developer, averaged over
  the enterprises of a starting quarter that have come so far. Later cohorts have had less time,
  which shortens their average; cohorts observed for under a year past their start are left out.
unit: quarters
period: cohort
value: lag
good: neutral
display: 1
columns:
  within_year: {title: Second developer within four quarters, unit: percent, display: 1}
  share: {title: Enterprises with a second developer so far, unit: percent, display: 1}
  enterprises: {title: Enterprises in the cohort, unit: count, display: 0}
chart: {type: bar, x: cohort, y: lag}
*/
with steps as (
  select enterprise_id, developers,
         quarter,
         cast(substr(quarter, 1, 4) as integer) * 4 + cast(substr(quarter, 6, 1) as integer) as counter
  from enterprise_portfolio
),
firsts as (
  select enterprise_id, min(quarter) as cohort, min(counter) as first_use,
         min(case when developers >= 2 then counter end) as second_use
  from steps
  group by enterprise_id
)
select cohort,
       avg(1.0 * (second_use - first_use)) as lag,
       100.0 * count(*) filter (where second_use - first_use <= 4) / count(*) as within_year,
       100.0 * count(second_use) / count(*) as share,
       count(*) as enterprises
from firsts
group by cohort
having min(first_use) + 4 <= (select max(counter) from steps)
order by cohort
