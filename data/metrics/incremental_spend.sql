/*
title: Spend on second and later models
description: >-
  Panel spend on every model but the one each enterprise spends most on, booked to the platform
  that serves it.
unit: currency:USD
period: quarter
dimensions: [platform]
value: incremental_usd
good: up
display: 0
columns:
  total_usd: {title: Spend on all models, unit: currency:USD}
  incremental_share: {title: Share of the platform's spend, unit: percent}
chart: {type: stacked-bar, x: quarter, y: incremental_usd, series: platform}
*/
with per_model as (
  select quarter, enterprise_id, model, sum(spend_usd) as spend
  from deployments
  group by quarter, enterprise_id, model
),
ranked as (
  select quarter, enterprise_id, model,
         row_number() over (partition by quarter, enterprise_id order by spend desc, model) as place
  from per_model
),
spend as (
  select d.quarter, d.platform, sum(d.spend_usd) as total_usd,
         sum(case when r.place > 1 then d.spend_usd else 0 end) as incremental_usd
  from deployments d
  join ranked r on r.quarter = d.quarter and r.enterprise_id = d.enterprise_id and r.model = d.model
  group by d.quarter, d.platform
)
select quarter, platform, incremental_usd, total_usd,
       100.0 * incremental_usd / total_usd as incremental_share
from spend
order by quarter, platform
