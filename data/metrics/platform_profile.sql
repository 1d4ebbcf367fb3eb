/*
title: Platforms at a glance
description: Where each platform stands in the latest quarter.
unit: percent
dimensions: [platform]
value: spend_share
good: up
display: 1
columns:
  spend_share: {title: Share of spend}
  token_share: {title: Share of tokens, unit: percent, display: 1}
  enterprises: {title: Enterprises served, unit: count, display: 0}
  consolidation: {title: Consolidation rate, unit: percent, display: 1}
  neutrality: {title: Neutrality index, unit: percent, display: 0}
  largest_developer: {title: Largest developer’s share, unit: percent, display: 1}
  recurring: {title: Recurring share of revenue, unit: percent, display: 1}
  revenue_4q: {title: AI revenue over four quarters, unit: USD m}
chart: {type: bar, x: platform, y: spend_share}
*/
with latest as (
  select max(quarter) as quarter from platform_share
),
revenue as (
  select platform, sum(revenue_usd_m) as revenue_4q
  from platform_revenue
  where quarter in (select quarter from multi_model_share order by quarter desc limit 4)
  group by platform
)
select s.platform, s.spend_share, s.token_share, s.enterprises,
       c.rate as consolidation,
       n.index as neutrality,
       d.largest_share as largest_developer,
       r.share as recurring,
       v.revenue_4q
from latest l
join platform_share s on s.quarter = l.quarter
join consolidation_rate c on c.quarter = l.quarter and c.platform = s.platform
join neutrality_index n on n.quarter = l.quarter and n.platform = s.platform
join partner_dependency d on d.quarter = l.quarter and d.platform = s.platform
join recurring_share r on r.quarter = l.quarter and r.platform = s.platform
join revenue v on v.platform = s.platform
order by s.platform
