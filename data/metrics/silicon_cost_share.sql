/*
title: Custom silicon’s share of infrastructure cost
description: Custom silicon as a share of Azure’s AI infrastructure cost, in the quarter and over the four quarters to it.
unit: percent
period: quarter
value: share
good: up
display: 1
columns:
  share: {title: Share in the quarter}
  share_4q: {title: Share over four quarters, unit: percent, display: 1}
  silicon_usd_m: {title: Custom silicon, unit: USD m}
  total_usd_m: {title: Infrastructure cost, unit: USD m}
chart: {type: line, x: quarter, y: share}
*/
with costs as (
  select quarter,
         sum(case when component = 'custom silicon' then cost_usd_m else 0 end) as silicon_usd_m,
         sum(cost_usd_m) as total_usd_m
  from infrastructure_cost
  group by quarter
)
select quarter,
       100.0 * silicon_usd_m / total_usd_m as share,
       100.0 * sum(silicon_usd_m) over (order by quarter rows between 3 preceding and current row)
             / sum(total_usd_m) over (order by quarter rows between 3 preceding and current row) as share_4q,
       silicon_usd_m, total_usd_m
from costs
order by quarter
