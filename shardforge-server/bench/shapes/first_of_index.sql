\set k random(1, 99000)
select * from sale where placed >= timestamp '2024-01-01' + :k * interval '5 minutes' order by placed limit 100;
