/*
title: Competitive visibility
description: Share of all observed tokens that a platform serves and so can see, by the developer whose models process them.
unit: percent
period: quarter
dimensions: [platform, developer]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of all tokens}
  reach: {title: Share of the developer’s tokens, unit: percent, display: 1}
  tokens_m: {title: Tokens, unit: million tokens, display: 0}
chart: {type: stacked-bar, x: quarter, y: share, series: developer, where: {platform: Azure}}
*/
with seen as (
  select quarter, platform, developer, sum(tokens_m) as tokens_m
  from deployments
  group by quarter, platform, developer
)
select quarter, platform, developer,
       100.0 * tokens_m / sum(tokens_m) over (partition by quarter) as share,
       100.0 * tokens_m / sum(tokens_m) over (partition by quarter, developer) as reach,
       tokens_m
from seen
order by quarter, platform, developer
