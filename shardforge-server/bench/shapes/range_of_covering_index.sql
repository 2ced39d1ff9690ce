\set k random(1, 900)
select count(*), sum(quantity) from line where price between :k and :k + 1;
