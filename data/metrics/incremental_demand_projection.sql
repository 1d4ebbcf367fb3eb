/*
title: Projected incremental demand
description: Incremental demand of Azure, AWS and Google Cloud four quarters past the last observed one. The base case keeps each platform’s average quarterly growth of the past year; low and high slow it down or speed it up.
unit: USD m
period: quarter
dimensions: [platform, scenario]
value: demand
good: up
decimals: 6
columns:
  demand: {title: Demand}
  growth: {title: Growth a quarter, unit: percent, display: 1}
chart: {type: line, x: quarter, y: demand, series: scenario, where: {platform: Azure}}
*/
with history as (
  select quarter, platform, demand,
         lag(demand, 4) over (partition by platform order by quarter) as year_ago
  from incremental_demand
  where platform in ('Azure', 'AWS', 'Google Cloud')
),
latest as (
  select platform, demand, power(demand / year_ago, cast(0.25 as double precision)) - 1 as growth,
         cast(substr(quarter, 1, 4) as integer) * 4 + cast(substr(quarter, 6, 1) as integer) - 1 as counter
  from history
  where quarter = (select max(quarter) from incremental_demand)
),
scenarios as (
  select 'low' as scenario, cast($growth_low as double precision) as pace
  union all select 'base', cast($growth_base as double precision)
  union all select 'high', cast($growth_high as double precision)
),
steps as (
  select 1 as step
  union all select 2
  union all select 3
  union all select 4
)
select concat(cast((l.counter + s.step - (l.counter + s.step) % 4) / 4 as integer), 'Q',
              (l.counter + s.step) % 4 + 1) as quarter,
       l.platform, c.scenario,
       l.demand * power(1 + l.growth * c.pace, cast(s.step as double precision)) as demand,
       100 * l.growth * c.pace as growth
from latest l
cross join scenarios c
cross join steps s
order by 1, l.platform, c.scenario
