/*
title: Developers at a glance
description: Where each developer stands in the latest quarter.
unit: percent
dimensions: [developer]
value: spend_share
good: neutral
display: 1
columns:
  spend_share: {title: Share of spend}
  token_share: {title: Share of tokens, unit: percent, display: 1}
  enterprises: {title: Enterprises served, unit: count, display: 0}
  platforms: {title: Platforms that host it, unit: platforms, display: 0}
  models: {title: Models in use, unit: models, display: 0}
  coverage: {title: Failover coverage, unit: percent, display: 1}
  cost: {title: Spend per million tokens, unit: "currency:USD", display: 2}
chart: {type: bar, x: developer, y: spend_share}
*/
with latest as (
  select max(quarter) as quarter from developer_share
),
hosts as (
  select h.developer, count(*) as platforms
  from hosting h
  cross join latest l
  where h.since <= l.quarter
  group by h.developer
),
models as (
  select u.developer, count(*) as models
  from model_usage u
  join latest l on l.quarter = u.quarter
  group by u.developer
)
select s.developer, s.spend_share, s.token_share, s.enterprises,
       h.platforms, m.models,
       f.coverage,
       cast(s.spend_usd as double precision) / cast(s.tokens_m as double precision) as cost
from latest l
join developer_share s on s.quarter = l.quarter
join hosts h on h.developer = s.developer
join models m on m.developer = s.developer
join failover_coverage f on f.quarter = l.quarter and f.developer = s.developer
order by s.developer
