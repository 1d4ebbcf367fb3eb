/*
title: Models per enterprise
unit: models
period: quarter
value: mean_models
display: 2
columns:
  enterprises: {title: Enterprises, unit: count}
  multi_model: {title: Multi-model, unit: count}
  spend: {title: Spend, unit: "currency:USD", display: 0}
*/
with each as (select quarter, enterprise_id, count(distinct model) as models, sum(spend_usd) as spend
              from deployments group by quarter, enterprise_id)
select quarter, avg(models) as mean_models, count(*) as enterprises, count(*) filter (where models >= 2) as multi_model,
       sum(spend) as spend
from each group by quarter
