/*
title: Retention by bundle
description: AI programmes kept for a year, at the average churn of all quarters, by the bundle an enterprise buys.
unit: percent
dimensions: [bundle]
value: retention
good: up
display: 1
columns:
  retention: {title: Retention over a year}
  churned: {title: Programmes ended, unit: count, display: 0}
  at_risk: {title: Programme quarters at risk, unit: count, display: 0}
chart: {type: bar, x: bundle, y: retention}
*/
with counts as (
  select e.bundle, count(*) filter (where r.churned = 1) as churned, count(*) as at_risk
  from retention r
  join enterprises e on e.id = r.enterprise_id
  group by e.bundle
)
select bundle,
       100 * power(1 - cast(churned as double precision) / at_risk, cast(4 as double precision)) as retention,
       churned, at_risk
from counts
order by bundle
