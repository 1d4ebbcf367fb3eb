/*
title: Developers on each platform
description: Each developer’s share of the AI revenue that a platform earns from models.
unit: percent
period: quarter
dimensions: [platform, developer]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of the platform’s revenue}
  spend_usd: {title: Spend, unit: "currency:USD"}
chart: {type: stacked-bar, x: quarter, y: share, series: developer, where: {platform: Azure}}
*/
with used as (
  select quarter, platform, developer, sum(spend_usd) as spend_usd
  from deployments
  group by quarter, platform, developer
),
totals as (
  select quarter, platform, sum(spend_usd) as spend_usd
  from used
  group by quarter, platform
),
developers as (
  select distinct developer from hosting
)
select t.quarter, t.platform, d.developer,
       100.0 * coalesce(u.spend_usd, 0) / t.spend_usd as share,
       coalesce(u.spend_usd, 0) as spend_usd
from totals t
cross join developers d
left join used u on u.quarter = t.quarter and u.platform = t.platform and u.developer = d.developer
order by t.quarter, t.platform, d.developer
