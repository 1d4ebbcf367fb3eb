/*
title: Consolidation rate
description: Multi-model enterprises whose largest platform is the one named and holds at least half of their AI spend, as a share of all multi-model enterprises.
unit: percent
period: quarter
dimensions: [platform]
value: rate
good: neutral
display: 1
columns:
  consolidated: {title: Consolidated enterprises, unit: count, display: 0}
  multi_model: {title: Multi-model enterprises, unit: count, display: 0}
chart: {type: line, x: quarter, y: rate, series: platform}
*/
with on_platform as (
  select d.quarter, d.enterprise_id, d.platform,
         row_number() over (partition by d.quarter, d.enterprise_id
                            order by sum(d.spend_usd) desc, d.platform) as place
  from deployments d
  group by d.quarter, d.enterprise_id, d.platform
),
homes as (
  select p.quarter, o.platform, count(*) as consolidated
  from enterprise_portfolio p
  join on_platform o on o.quarter = p.quarter and o.enterprise_id = p.enterprise_id and o.place = 1
  where p.developers >= 2 and p.largest_platform_share >= 50
  group by p.quarter, o.platform
),
platforms as (
  select distinct platform from hosting
)
select m.quarter, p.platform,
       100.0 * coalesce(h.consolidated, 0) / m.multi_model as rate,
       coalesce(h.consolidated, 0) as consolidated,
       m.multi_model
from multi_model_share m
cross join platforms p
left join homes h on h.quarter = m.quarter and h.platform = p.platform
order by m.quarter, p.platform
