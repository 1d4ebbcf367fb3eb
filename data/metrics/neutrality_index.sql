/*
title: Neutrality index
description: Frontier developers whose models a platform hosts, as a share of all frontier developers.
unit: percent
period: quarter
dimensions: [platform]
value: index
good: up
display: 0
columns:
  hosted: {title: Frontier developers hosted, unit: developers, display: 0}
  frontier: {title: Frontier developers, unit: developers, display: 0}
chart: {type: line, x: quarter, y: index, series: platform}
*/
with quarters as (
  select quarter from multi_model_share
),
platforms as (
  select distinct platform from hosting
),
frontier as (
  select count(distinct developer) as developers from hosting where frontier
)
select q.quarter, p.platform,
       100.0 * count(h.developer) / f.developers as index,
       count(h.developer) as hosted,
       f.developers as frontier
from quarters q
cross join platforms p
cross join frontier f
left join hosting h on h.platform = p.platform and h.frontier and h.since <= q.quarter
group by q.quarter, p.platform, f.developers
order by q.quarter, p.platform
