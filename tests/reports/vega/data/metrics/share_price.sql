/*
title: Share price
description: Mean of a share's monthly prices in a year.
unit: currency:USD
period: year
dimensions: [symbol]
value: price
good: up
display: 2
columns:
  months: {title: Months seen, unit: count, display: 0}
chart: {type: line, x: year, y: price, series: symbol}
*/
select extract(year from date) as year, symbol, avg(price) as price, count(*) as months
from stocks
group by 1, 2
