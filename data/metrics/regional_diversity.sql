/*
title: Regional diversity
description: Effective developers – 10,000 divided by the HHI over developers’ shares of spend – among the enterprises of each region.
unit: developers
period: quarter
dimensions: [region]
value: effective
good: up
display: 2
columns:
  effective: {title: Effective developers}
  hhi: {title: HHI, unit: index, display: 0}
  largest_share: {title: Largest developer’s share of spend, unit: percent, display: 1}
chart: {type: line, x: quarter, y: effective, series: region}
*/
with used as (
  select d.quarter, e.region, d.developer, sum(d.spend_usd) as spend
  from deployments d
  join enterprises e on e.id = d.enterprise_id
  group by d.quarter, e.region, d.developer
),
shares as (
  select quarter, region,
         cast(spend as double precision) * 100
           / cast(sum(spend) over (partition by quarter, region) as double precision) as share
  from used
)
select quarter, region,
       10000 / sum(share * share) as effective,
       sum(share * share) as hhi,
       max(share) as largest_share
from shares
group by quarter, region
order by quarter, region
