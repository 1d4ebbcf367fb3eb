/*
title: Contribution to growth
description: Percentage points that each platform contributes to the year-on-year growth of all model spend.
unit: percentage points
period: quarter
dimensions: [platform]
value: contribution
good: neutral
decimals: 6
display: 1
columns:
  share_of_growth: {title: Share of the growth, unit: percent, display: 1}
chart: {type: stacked-bar, x: quarter, y: contribution, series: platform}
*/
with steps as (
  select quarter, platform,
         cast(spend_usd as double precision) as spend,
         cast(lag(spend_usd, 4) over (partition by platform order by quarter) as double precision) as year_ago
  from platform_share
),
market as (
  select quarter, sum(spend) as spend, sum(year_ago) as year_ago
  from steps
  where year_ago is not null
  group by quarter
)
select s.quarter, s.platform,
       100 * (s.spend - s.year_ago) / m.year_ago as contribution,
       100 * (s.spend - s.year_ago) / (m.spend - m.year_ago) as share_of_growth
from steps s
join market m on m.quarter = s.quarter
where s.year_ago is not null
order by s.quarter, s.platform
