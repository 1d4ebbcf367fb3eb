/*
title: Retention of bundled and unbundled enterprises
description: AI programmes kept for a year, at the churn of the four quarters up to the one named, for enterprises with and without a Microsoft bundle.
unit: percent
period: quarter
dimensions: [buying]
value: retention
good: up
display: 1
columns:
  retention: {title: Retention over a year}
  churned: {title: Programmes ended in the quarter, unit: count, display: 0}
  at_risk: {title: Programmes at risk, unit: count, display: 0}
chart: {type: line, x: quarter, y: retention, series: buying}
*/
with counts as (
  select r.quarter,
         case when e.bundle = 'none' then 'unbundled' else 'bundled' end as buying,
         count(*) filter (where r.churned = 1) as churned,
         count(*) as at_risk
  from retention r
  join enterprises e on e.id = r.enterprise_id
  group by r.quarter, case when e.bundle = 'none' then 'unbundled' else 'bundled' end
),
rates as (
  select quarter, buying, churned, at_risk,
         1.0 * sum(churned) over (partition by buying order by quarter rows between 3 preceding and current row)
             / sum(at_risk) over (partition by buying order by quarter rows between 3 preceding and current row) as churn
  from counts
)
select quarter, buying,
       100 * power(1 - cast(churn as double precision), cast(4 as double precision)) as retention,
       churned, at_risk
from rates
order by quarter, buying
