/*
title: Models per enterprise
description: Distinct frontier models in use, averaged over the enterprises with an AI programme.
unit: models
period: quarter
value: mean
good: up
display: 2
columns:
  median: {title: Median, unit: models, display: 1}
  most: {title: Most at one enterprise, unit: models, display: 0}
  enterprises: {title: Enterprises with an AI programme, unit: count, display: 0}
chart: {type: line, x: quarter, y: mean}
*/
select quarter,
       avg(1.0 * models) as mean,
       percentile_cont(0.5) within group (order by models) as median,
       max(models) as most,
       count(*) as enterprises
from enterprise_portfolio
group by quarter
order by quarter
