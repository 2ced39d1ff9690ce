select count(*), max(n) from (select item, count(*) as n, sum(price) as p from line group by item) x where p > 0;
