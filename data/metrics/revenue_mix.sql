/*
title: Revenue mix
description: Each stream’s share of a platform’s AI revenue.
unit: percent
period: quarter
dimensions: [platform, stream]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of revenue}
  revenue_usd_m: {title: Revenue, unit: USD m}
chart: {type: stacked-bar, x: quarter, y: share, series: stream, where: {platform: Azure}}
*/
with totals as (
  select quarter, platform, sum(revenue_usd_m) as revenue
  from platform_revenue
  group by quarter, platform
)
select r.quarter, r.platform, r.stream,
       100.0 * r.revenue_usd_m / t.revenue as share,
       r.revenue_usd_m
from platform_revenue r
join totals t on t.quarter = r.quarter and t.platform = r.platform
where t.revenue > 0
order by r.quarter, r.platform, r.stream
