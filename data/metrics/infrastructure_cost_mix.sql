/*
title: Infrastructure cost by component
description: Each component’s share of Azure’s AI infrastructure cost.
unit: percent
period: quarter
dimensions: [component]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of cost}
  cost_usd_m: {title: Cost, unit: USD m}
chart: {type: stacked-bar, x: quarter, y: share, series: component}
*/
with totals as (
  select quarter, sum(cost_usd_m) as cost
  from infrastructure_cost
  group by quarter
)
select c.quarter, c.component,
       100.0 * c.cost_usd_m / t.cost as share,
       c.cost_usd_m
from infrastructure_cost c
join totals t on t.quarter = c.quarter
order by c.quarter, c.component
