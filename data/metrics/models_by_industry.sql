/*
title: Models per enterprise by industry
description: Distinct frontier models in use, averaged over the enterprises of each industry that have an AI programme.
unit: models
period: quarter
dimensions: [industry]
value: mean
good: up
display: 2
columns:
  mean: {title: Models per enterprise}
  multi_model_share: {title: Multi-model enterprises, unit: percent, display: 1}
  enterprises: {title: Enterprises with an AI programme, unit: count, display: 0}
  spend_usd: {title: Spend, unit: "currency:USD"}
chart: {type: bar, x: industry, y: mean, at: latest, sort: value}
*/
select p.quarter, e.industry,
       avg(1.0 * p.models) as mean,
       100.0 * count(*) filter (where p.developers >= 2) / count(*) as multi_model_share,
       count(*) as enterprises,
       sum(p.spend_usd) as spend_usd
from enterprise_portfolio p
join enterprises e on e.id = p.enterprise_id
group by p.quarter, e.industry
order by p.quarter, e.industry
