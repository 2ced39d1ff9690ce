\set k random(1, 49000)
select count(*), sum(quantity * price) from line where item between :k and :k + 50;
