/*
title: Industries at a glance
description: How each industry uses models in the latest quarter.
unit: models
dimensions: [industry]
value: mean
good: up
display: 2
columns:
  mean: {title: Models per enterprise}
  multi_model_share: {title: Multi-model enterprises, unit: percent, display: 1}
  enterprises: {title: Enterprises with an AI programme, unit: count, display: 0}
  spend_usd: {title: Spend, unit: "currency:USD"}
  azure_share: {title: Azure’s share of spend, unit: percent, display: 1}
  openai_share: {title: OpenAI’s share of spend, unit: percent, display: 1}
chart: {type: bar, x: industry, y: mean}
*/
with latest as (
  select max(quarter) as quarter from models_by_industry
),
spend as (
  select e.industry, sum(d.spend_usd) as total,
         sum(case when d.platform = 'Azure' then d.spend_usd else 0 end) as azure,
         sum(case when d.developer = 'OpenAI' then d.spend_usd else 0 end) as openai
  from deployments d
  join latest l on l.quarter = d.quarter
  join enterprises e on e.id = d.enterprise_id
  group by e.industry
)
select m.industry, m.mean, m.multi_model_share, m.enterprises, m.spend_usd,
       100.0 * s.azure / s.total as azure_share,
       100.0 * s.openai / s.total as openai_share
from latest l
join models_by_industry m on m.quarter = l.quarter
join spend s on s.industry = m.industry
order by m.industry
