\set k random(1, 99000)
select count(*), sum(quantity * price) from line where sale_id between :k and :k + 100;
