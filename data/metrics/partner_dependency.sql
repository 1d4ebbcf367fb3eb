/*
title: Partner dependency
description: The largest developer’s share of a platform’s AI revenue.
unit: percent
period: quarter
dimensions: [platform]
value: largest_share
good: down
display: 1
columns:
  largest_share: {title: Largest developer’s share}
  hhi: {title: HHI over developers on the platform, unit: index, display: 0}
  developers: {title: Developers with revenue, unit: developers, display: 0}
chart: {type: line, x: quarter, y: largest_share, series: platform}
*/
select quarter, platform,
       max(share) as largest_share,
       sum(cast(share as double precision) * cast(share as double precision)) as hhi,
       count(*) filter (where spend_usd > 0) as developers
from developer_mix_by_platform
group by quarter, platform
order by quarter, platform
