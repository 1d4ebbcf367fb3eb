/*
title: Enterprises by quarter
unit: currency:USD
period: quarter
dimensions: [enterprise_id, enterprise, industry, region, top_platform]
value: spend
display: 0
columns:
  models: {title: Models, unit: count}
  tokens_m: {title: Tokens, unit: millions, display: 1}
*/
with parts as (select enterprise_id, quarter, platform, sum(spend_usd) as spend from deployments
               group by enterprise_id, quarter, platform),
tops as (select enterprise_id, quarter, platform as top_platform,
                row_number() over (partition by enterprise_id, quarter order by spend desc, platform) as place from parts)
select d.quarter, d.enterprise_id, d.enterprise, d.industry, d.region, t.top_platform, sum(d.spend_usd) as spend,
       count(distinct d.model) as models, sum(d.monthly_tokens_m) as tokens_m
from deployments d
join tops t on t.enterprise_id = d.enterprise_id and t.quarter = d.quarter and t.place = 1
group by d.quarter, d.enterprise_id, d.enterprise, d.industry, d.region, t.top_platform
