/*
title: Jobs in manufacturing
description: People employed in manufacturing in a month.
unit: thousand jobs
period: month
value: jobs
good: up
display: 0
columns:
  share: {title: Share of all jobs, unit: percent, display: 2}
*/
select strftime(month, '%Y-%m') as month, manufacturing as jobs, 100.0 * manufacturing / nonfarm as share
from employment
