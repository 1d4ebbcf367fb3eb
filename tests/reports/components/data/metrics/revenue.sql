/*
title: Revenue
description: What a region sold in a quarter.
unit: currency:USD
period: quarter
dimensions: [region]
value: revenue
good: up
display: 0
columns:
  orders: {title: Orders, unit: orders, display: 0}
*/
select quarter, region, revenue, orders from sales
