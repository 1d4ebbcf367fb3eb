/*
title: Leading models of each platform
description: The ten models with the largest spend in the latest quarter.
unit: currency:USD
dimensions: [platform, model]
value: spend
display: 0
columns:
  place: {title: Rank, unit: count}
chart: {type: bar, x: model, y: spend, where: {platform: Azure}}
*/
with spend as (select platform, model, sum(spend_usd) as spend from deployments
               where quarter = (select max(quarter) from deployments) group by platform, model),
ranked as (select platform, model, spend, row_number() over (partition by platform order by spend desc, model) as place from spend)
select platform, model, spend, place from ranked where place <= 10
