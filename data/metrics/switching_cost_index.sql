/*
title: Switching cost index
description: How hard it is for enterprises of a size band to leave their largest platform, from 0 to 100 – 40 parts its share of their spend, 30 parts the reciprocal of the platforms they use, 30 parts whether they buy AI in a bundle.
unit: index
period: quarter
dimensions: [size_band]
value: index
good: neutral
display: 1
columns:
  concentration: {title: Largest platform’s share of spend, unit: percent, display: 1}
  platforms: {title: Platforms per enterprise, unit: platforms, display: 2}
  bundled: {title: Enterprises with a bundle, unit: percent, display: 1}
chart: {type: line, x: quarter, y: index, series: size_band}
*/
select p.quarter, e.size_band,
       avg(0.4 * p.largest_platform_share + 30.0 / p.platforms
           + case when e.bundle = 'none' then 0.0 else 30.0 end) as index,
       avg(p.largest_platform_share) as concentration,
       avg(1.0 * p.platforms) as platforms,
       100.0 * count(*) filter (where e.bundle <> 'none') / count(*) as bundled
from enterprise_portfolio p
join enterprises e on e.id = p.enterprise_id
group by p.quarter, e.size_band
order by p.quarter, e.size_band
