select array[row(1,2)] || row(3,4), row(1,2) = any(array[row(1,2)])
---
?column? | ?column?
{"(1,2)","(3,4)"} | t

select row(3,4) = any (array[row(1,2)] || row(3,4))
---
?column?
t

select x from (values (array[row(1,2)]), (array[row(1,1), row(1,2)]), (array[row(0,3)])) v(x) order by x
---
x
{"(0,3)"}
{"(1,1)","(1,2)"}
{"(1,2)"}

select pg_typeof(array[row(1,2)]), pg_typeof(array[row(1,2)] || row(3,4))
---
pg_typeof | pg_typeof
record[] | record[]

create table e(f int, t int, l text)
---
ok 0

insert into e values (1,2,'a'),(1,3,'b'),(2,3,'c'),(1,4,'d'),(4,5,'e'),(5,1,'f')
---
ok 6

with recursive g(f,t,l) as (select * from e where f=1 union all select e.* from e, g where g.t=e.f) search depth first by f,t set seq cycle f, t set is_cycle using path select * from g order by seq limit 20
---
f | t | l | seq | is_cycle | path
1 | 2 | a | {"(1,2)"} | f | {"(1,2)"}
2 | 3 | c | {"(1,2)","(2,3)"} | f | {"(1,2)","(2,3)"}
1 | 3 | b | {"(1,3)"} | f | {"(1,3)"}
1 | 4 | d | {"(1,4)"} | f | {"(1,4)"}
4 | 5 | e | {"(1,4)","(4,5)"} | f | {"(1,4)","(4,5)"}
5 | 1 | f | {"(1,4)","(4,5)","(5,1)"} | f | {"(1,4)","(4,5)","(5,1)"}
1 | 2 | a | {"(1,4)","(4,5)","(5,1)","(1,2)"} | f | {"(1,4)","(4,5)","(5,1)","(1,2)"}
2 | 3 | c | {"(1,4)","(4,5)","(5,1)","(1,2)","(2,3)"} | f | {"(1,4)","(4,5)","(5,1)","(1,2)","(2,3)"}
1 | 3 | b | {"(1,4)","(4,5)","(5,1)","(1,3)"} | f | {"(1,4)","(4,5)","(5,1)","(1,3)"}
1 | 4 | d | {"(1,4)","(4,5)","(5,1)","(1,4)"} | t | {"(1,4)","(4,5)","(5,1)","(1,4)"}

with recursive g(f,t,l) as (select * from e where f=1 union all select e.* from e, g where g.t=e.f) search breadth first by f,t set seq cycle f, t set is_cycle to 'Y' default 'N' using path select * from g order by seq limit 20
---
f | t | l | seq | is_cycle | path
1 | 2 | a | (0,1,2) | N | {"(1,2)"}
1 | 3 | b | (0,1,3) | N | {"(1,3)"}
1 | 4 | d | (0,1,4) | N | {"(1,4)"}
2 | 3 | c | (1,2,3) | N | {"(1,2)","(2,3)"}
4 | 5 | e | (1,4,5) | N | {"(1,4)","(4,5)"}
5 | 1 | f | (2,5,1) | N | {"(1,4)","(4,5)","(5,1)"}
1 | 2 | a | (3,1,2) | N | {"(1,4)","(4,5)","(5,1)","(1,2)"}
1 | 3 | b | (3,1,3) | N | {"(1,4)","(4,5)","(5,1)","(1,3)"}
1 | 4 | d | (3,1,4) | Y | {"(1,4)","(4,5)","(5,1)","(1,4)"}
2 | 3 | c | (4,2,3) | N | {"(1,4)","(4,5)","(5,1)","(1,2)","(2,3)"}

with recursive g(f,t,l) as (select * from e where f=1 union select e.* from e, g where g.t=e.f)  cycle f, t set is_cycle to 1.5 default 2 using path select g.*, pg_typeof(is_cycle), pg_typeof(path) from g  order by path, f, t limit 20
---
f | t | l | is_cycle | path | pg_typeof | pg_typeof
1 | 2 | a | 2 | {"(1,2)"} | numeric | record[]
2 | 3 | c | 2 | {"(1,2)","(2,3)"} | numeric | record[]
1 | 3 | b | 2 | {"(1,3)"} | numeric | record[]
1 | 4 | d | 2 | {"(1,4)"} | numeric | record[]
4 | 5 | e | 2 | {"(1,4)","(4,5)"} | numeric | record[]
5 | 1 | f | 2 | {"(1,4)","(4,5)","(5,1)"} | numeric | record[]
1 | 2 | a | 2 | {"(1,4)","(4,5)","(5,1)","(1,2)"} | numeric | record[]
2 | 3 | c | 2 | {"(1,4)","(4,5)","(5,1)","(1,2)","(2,3)"} | numeric | record[]
1 | 3 | b | 2 | {"(1,4)","(4,5)","(5,1)","(1,3)"} | numeric | record[]
1 | 4 | d | 1.5 | {"(1,4)","(4,5)","(5,1)","(1,4)"} | numeric | record[]

with recursive g as (select f, t from e where f=1 union all select e.f, e.t from g x join e on x.t = e.f where x.f < 4)  search depth first by t set s select f, t, s, x.s = x.s from g x order by s limit 10
---
f | t | s | ?column?
1 | 2 | {(2)} | t
2 | 3 | {(2),(3)} | t
1 | 3 | {(3)} | t
1 | 4 | {(4)} | t
4 | 5 | {(4),(5)} | t

with recursive g as (select f, t from e where f=1 union all select g.* from g join e on g.t = e.f)  cycle f set c using p select * from g order by p, f, t limit 10
---
f | t | c | p
1 | 2 | f | {(1)}
1 | 3 | f | {(1)}
1 | 4 | f | {(1)}
1 | 2 | t | {(1),(1)}
1 | 4 | t | {(1),(1)}

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) search breadth first by i set s select * from n order by s desc
---
i | s
5 | (4,5)
4 | (3,4)
3 | (2,3)
2 | (1,2)
1 | (0,1)

with recursive n(i) as (select 1 union all select i % 3 + 1 from n) cycle i set done to 'yes' default 'no' using way select * from n
---
i | done | way
1 | no | {(1)}
2 | no | {(1),(2)}
3 | no | {(1),(2),(3)}
1 | yes | {(1),(2),(3),(1)}

create view cv as with recursive n(i) as (select 1 union all select i % 3 + 1 from n) cycle i set done to 'yes' default 'no' using way select i, done from n
---
ok 0

select * from cv
---
i | done
1 | no
2 | no
3 | no
1 | yes

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) search breadth first by x set s select * from n
---
ERROR 42601: search column "x" not in WITH query column list
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) search breadth first by i, i set s select * from n
---
ERROR 42701: search column "i" specified more than once
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) cycle x set s using p select * from n
---
ERROR 42601: cycle column "x" not in WITH query column list
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) cycle i, i set s using p select * from n
---
ERROR 42701: cycle column "i" specified more than once
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) cycle i set s using s select * from n
---
ERROR 42601: cycle mark column name and cycle path column name are the same
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) search depth first by i set s cycle i set s using p select * from n
---
ERROR 42601: search sequence column name and cycle mark column name are the same
at 77

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) search depth first by i set s cycle i set p using s select * from n
---
ERROR 42601: search sequence column name and cycle path column name are the same
at 77

with recursive n(i) as (select 1) search depth first by i set s select * from n
---
ERROR 42601: WITH query is not recursive
at 16

with n(i) as (select 1) search depth first by i set s select * from n
---
ERROR 42601: WITH query is not recursive
at 6

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) cycle i set s to 1 default 'x' using p select * from n
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 104

with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) cycle i set s to 1 default true using p select * from n
---
ERROR 42804: CYCLE types integer and boolean cannot be matched
at 104

with recursive n(i) as (select 1 union all (select i + 1 from n where i < 5 union all select 2)) cycle i set s using p select * from n
---
ERROR 42601: with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT

with recursive n(i) as (select 1 union all select i + 1 from (select * from n) x where i < 5) cycle i set s using p select * from n
---
ERROR 0A000: with a SEARCH or CYCLE clause, the recursive reference to WITH query "n" must be at the top level of its right-hand SELECT

with recursive n(i) as (values (1), (2) union all select i + 1 from n where i < 3) cycle i set s using p select * from n
---
i | s | p
1 | f | {(1)}
2 | f | {(2)}
2 | f | {(1),(2)}
3 | f | {(2),(3)}
3 | f | {(1),(2),(3)}

with recursive n(i) as ((select 1 union select 2) union all select i + 1 from n where i < 3) cycle i set s using p select * from n
---
ERROR 0A000: with a SEARCH or CYCLE clause, the left side of the UNION must be a SELECT

drop view cv
---
ok 0

drop table e
---
ok 0
