/*
title: Who wins which role
description: Each developer’s share of what enterprises spend on models in a role.
unit: percent
period: quarter
dimensions: [role, developer]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of the role’s spend}
  token_share: {title: Share of the role’s tokens, unit: percent, display: 1}
  spend_usd: {title: Spend, unit: "currency:USD"}
chart: {type: stacked-bar, x: quarter, y: share, series: developer, where: {role: reasoning and analysis}}
*/
with used as (
  select quarter, role, developer, sum(spend_usd) as spend_usd, sum(tokens_m) as tokens_m
  from deployments
  group by quarter, role, developer
),
roles as (
  select quarter, role, sum(spend_usd) as spend_usd, sum(tokens_m) as tokens_m
  from used
  group by quarter, role
),
developers as (
  select distinct developer from hosting
)
select r.quarter, r.role, d.developer,
       100.0 * coalesce(u.spend_usd, 0) / r.spend_usd as share,
       100.0 * coalesce(u.tokens_m, 0) / r.tokens_m as token_share,
       coalesce(u.spend_usd, 0) as spend_usd
from roles r
cross join developers d
left join used u on u.quarter = r.quarter and u.role = r.role and u.developer = d.developer
order by r.quarter, r.role, d.developer
