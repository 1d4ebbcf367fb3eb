/*
title: Incremental demand by year
description: Incremental demand of Azure, AWS and Google Cloud by calendar year; the year after the last complete one adds projected quarters to the observed ones.
unit: USD bn
period: year
dimensions: [scenario]
value: demand
good: up
columns:
  demand: {title: Demand}
  observed_quarters: {title: Observed quarters, unit: quarters, display: 0}
chart: {type: bar, x: year, y: demand, series: scenario}
*/
with observed as (
  select substr(quarter, 1, 4) as year, sum(demand) as demand, count(distinct quarter) as quarters
  from incremental_demand
  where platform in ('Azure', 'AWS', 'Google Cloud')
  group by substr(quarter, 1, 4)
),
projected as (
  select substr(quarter, 1, 4) as year, scenario, sum(demand) as demand, count(distinct quarter) as quarters
  from incremental_demand_projection
  group by substr(quarter, 1, 4), scenario
)
select o.year, 'observed' as scenario, o.demand / 1000 as demand, o.quarters as observed_quarters
from observed o
where o.quarters = 4
union all
select p.year, p.scenario, (p.demand + coalesce(o.demand, 0)) / 1000, coalesce(o.quarters, 0)
from projected p
left join observed o on o.year = p.year
where p.quarters + coalesce(o.quarters, 0) = 4
order by 1, 2
