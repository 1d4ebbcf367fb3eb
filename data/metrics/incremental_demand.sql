/*
title: Incremental demand
description: Spend on second and later models – all but the one an enterprise spends most on – booked to the platform that serves them and scaled from the panel to the market.
unit: USD m
period: quarter
dimensions: [platform]
value: demand
good: up
columns:
  share: {title: Share of the platform’s model spend, unit: percent, display: 1}
  panel_usd: {title: In the panel, unit: "currency:USD"}
chart: {type: stacked-bar, x: quarter, y: demand, series: platform}
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
         sum(case when r.place > 1 then d.spend_usd else 0 end) as panel_usd
  from deployments d
  join ranked r on r.quarter = d.quarter and r.enterprise_id = d.enterprise_id and r.model = d.model
  group by d.quarter, d.platform
)
select quarter, platform,
       cast(panel_usd as double precision) * cast($expansion as double precision) / 1000000 as demand,
       100.0 * panel_usd / total_usd as share,
       panel_usd
from spend
order by quarter, platform
