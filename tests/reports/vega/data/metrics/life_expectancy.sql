/*
title: Life expectancy
description: Mean life expectancy of a region's countries, weighted by population.
unit: years
dimensions: [region]
value: years
good: up
display: 2
columns:
  people: {title: People, unit: count, display: 0}
  countries: {title: Countries, unit: count, display: 0}
chart: {type: bar, x: region, y: years}
*/
select region, sum(health * population) / sum(population) as years, sum(population) as people, count(*) as countries
from countries
group by region
