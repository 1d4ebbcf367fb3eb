/*
title: Developer share
description: Each developer’s share of what the panel’s enterprises spend on models.
unit: percent
period: quarter
dimensions: [developer]
value: spend_share
good: neutral
display: 1
columns:
  spend_share: {title: Share of spend}
  token_share: {title: Share of tokens, unit: percent, display: 1}
  spend_usd: {title: Spend, unit: "currency:USD"}
  tokens_m: {title: Tokens, unit: million tokens, display: 0}
  enterprises: {title: Enterprises served, unit: count, display: 0}
chart: {type: line, x: quarter, y: spend_share, series: developer}
*/
with used as (
  select quarter, developer, sum(spend_usd) as spend_usd, sum(tokens_m) as tokens_m,
         count(distinct enterprise_id) as enterprises
  from deployments
  group by quarter, developer
),
market as (
  select quarter, sum(spend_usd) as spend_usd, sum(tokens_m) as tokens_m
  from used
  group by quarter
),
names as (
  select distinct developer from hosting
)
select m.quarter, n.developer,
       100.0 * coalesce(u.spend_usd, 0) / m.spend_usd as spend_share,
       100.0 * coalesce(u.tokens_m, 0) / m.tokens_m as token_share,
       coalesce(u.spend_usd, 0) as spend_usd,
       coalesce(u.tokens_m, 0) as tokens_m,
       coalesce(u.enterprises, 0) as enterprises
from market m
cross join names n
left join used u on u.quarter = m.quarter and u.developer = n.developer
order by m.quarter, n.developer
