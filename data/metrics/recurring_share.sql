/*
title: Recurring share of revenue
description: Infrastructure streams – inference, storage, networking and silicon fees – as a share of a platform’s AI revenue; the rest is partnership licensing.
unit: percent
period: quarter
dimensions: [platform]
value: share
good: up
display: 1
columns:
  share: {title: Recurring share}
  infrastructure_usd_m: {title: Infrastructure revenue, unit: USD m}
  licensing_usd_m: {title: Partnership licensing, unit: USD m}
  revenue_usd_m: {title: AI revenue, unit: USD m}
chart: {type: line, x: quarter, y: share, series: platform}
*/
with streams as (
  select quarter, platform,
         sum(case when stream = 'partnership licensing' then 0 else revenue_usd_m end) as infrastructure_usd_m,
         sum(case when stream = 'partnership licensing' then revenue_usd_m else 0 end) as licensing_usd_m,
         sum(revenue_usd_m) as revenue_usd_m
  from platform_revenue
  group by quarter, platform
)
select quarter, platform,
       100.0 * infrastructure_usd_m / revenue_usd_m as share,
       infrastructure_usd_m, licensing_usd_m, revenue_usd_m
from streams
where revenue_usd_m > 0
order by quarter, platform
