/*
title: Platforms by quarter
unit: currency:USD
period: quarter
dimensions: [platform]
value: spend
display: 0
columns:
  enterprises: {title: Enterprises, unit: count}
  models: {title: Models, unit: count}
  tokens_m: {title: Tokens, unit: millions, display: 1}
*/
select quarter, platform, sum(spend_usd) as spend, count(distinct enterprise_id) as enterprises,
       count(distinct model) as models, sum(monthly_tokens_m) as tokens_m
from deployments group by quarter, platform
