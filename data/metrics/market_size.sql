/*
title: Size of the market
description: What all enterprises spend on models in a quarter, scaled from the panel to the market.
unit: USD m
period: quarter
value: spend
good: up
columns:
  spend: {title: Spend}
  tokens_bn: {title: Tokens, unit: billion tokens, display: 0}
  price: {title: Spend per million tokens, unit: "currency:USD", display: 2}
  models: {title: Models in use, unit: models, display: 0}
  panel_usd: {title: Spend in the panel, unit: "currency:USD"}
chart: {type: bar, x: quarter, y: spend}
*/
select quarter,
       cast(sum(spend_usd) as double precision) * cast($expansion as double precision) / 1000000 as spend,
       cast(sum(tokens_m) as double precision) * cast($expansion as double precision) / 1000 as tokens_bn,
       cast(sum(spend_usd) as double precision) / cast(sum(tokens_m) as double precision) as price,
       count(distinct model) as models,
       sum(spend_usd) as panel_usd
from deployments
group by quarter
order by quarter
