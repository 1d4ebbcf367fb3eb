/*
title: Enterprise portfolios
description: What each enterprise with an AI programme runs – its distinct models, developers and platforms, and how concentrated its spend is.
unit: models
period: quarter
dimensions: [enterprise_id]
value: models
good: neutral
display: 0
columns:
  models: {title: Models}
  developers: {title: Developers, unit: developers, display: 0}
  platforms: {title: Platforms, unit: platforms, display: 0}
  tokens_m: {title: Tokens, unit: million tokens, display: 0}
  spend_usd: {title: Spend, unit: "currency:USD"}
  largest_platform_share: {title: Largest platform’s share of spend, unit: percent, display: 1}
chart: {type: bar, x: quarter, y: models, where: {enterprise_id: E0004}}
*/
with on_platform as (
  select quarter, enterprise_id, platform, sum(spend_usd) as spend
  from deployments
  group by quarter, enterprise_id, platform
),
largest as (
  select quarter, enterprise_id, max(spend) as spend
  from on_platform
  group by quarter, enterprise_id
),
portfolio as (
  select quarter, enterprise_id,
         count(distinct model) as models,
         count(distinct developer) as developers,
         count(distinct platform) as platforms,
         sum(tokens_m) as tokens_m,
         sum(spend_usd) as spend_usd
  from deployments
  group by quarter, enterprise_id
)
select p.quarter, p.enterprise_id, p.models, p.developers, p.platforms, p.tokens_m, p.spend_usd,
       100.0 * l.spend / p.spend_usd as largest_platform_share
from portfolio p
join largest l on l.quarter = p.quarter and l.enterprise_id = p.enterprise_id
order by p.quarter, p.enterprise_id
