/*
title: Spend bridge
description: What makes up the change of spend since the quarter before - buyers won and lost, and those that spend more or less.
formula: S(t) - S(t-1) = won + lost + expanded + contracted, each the sum of s(b,t) - s(b,t-1) over its buyers
notes: The decomposition of a total by its members' entry, exit and growth (Davis, Haltiwanger and Schuh, Job Creation and Destruction, 1996). The four add up to the change exactly.
unit: currency:USD
period: quarter
dimensions: [step]
value: amount
columns:
  buyers: {title: Buyers, unit: count}
*/
with totals as (
  select quarter, buyer, sum(spend) as spend from uses group by quarter, buyer
),
quarters as (
  select quarter, lag(quarter) over (order by quarter) as before from (select distinct quarter from uses) q
),
pairs as (
  select q.quarter, t.buyer,
         sum(case when t.quarter = q.quarter then t.spend else 0 end) as now,
         sum(case when t.quarter = q.before then t.spend else 0 end) as was
  from quarters q
  join totals t on t.quarter = q.quarter or t.quarter = q.before
  where q.before is not null
  group by q.quarter, t.buyer
),
steps as (
  select quarter, now - was as amount,
         case when was = 0 then 'won' when now = 0 then 'lost' when now >= was then 'expanded' else 'contracted' end as step
  from pairs
)
select quarter, step, sum(amount) as amount, count(*) as buyers from steps group by quarter, step
