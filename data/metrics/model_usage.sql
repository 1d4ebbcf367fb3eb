/*
title: Use of each model
description: Share of enterprises with an AI programme that run a model.
unit: percent
period: quarter
dimensions: [developer, model]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of enterprises}
  enterprises: {title: Enterprises, unit: count, display: 0}
  spend_usd: {title: Spend, unit: "currency:USD"}
  cost: {title: Spend per million tokens, unit: "currency:USD", display: 2}
chart: {type: line, x: quarter, y: share, series: model, where: {developer: OpenAI}, highlight: [GPT-4, GPT-4o, GPT-5]}
*/
with used as (
  select quarter, developer, model, count(distinct enterprise_id) as enterprises,
         sum(spend_usd) as spend_usd, sum(tokens_m) as tokens_m
  from deployments
  group by quarter, developer, model
)
select u.quarter, u.developer, u.model,
       100.0 * u.enterprises / p.enterprises as share,
       u.enterprises, u.spend_usd,
       u.spend_usd / u.tokens_m as cost
from used u
join models_per_enterprise p on p.quarter = u.quarter
order by u.quarter, u.developer, u.model
