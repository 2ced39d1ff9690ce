select unnest('1 2'::int2vector), pg_typeof(unnest('1 2'::oidvector))
---
unnest | pg_typeof
1 | oid
2 | oid

select * from unnest('3 4'::oidvector) with ordinality
---
unnest | ordinality
3 | 1
4 | 2

select array_length('1 2 3'::int2vector, 1), array_upper('1 2 3'::int2vector, 1), array_lower('1 2'::oidvector, 1), cardinality('1 2 3'::oidvector), array_ndims('1'::int2vector)
---
array_length | array_upper | array_lower | cardinality | array_ndims
3 | 2 | 0 | 3 | 1

select generate_subscripts('5 6'::int2vector, 1)
---
generate_subscripts
0
1

select array_position('5 6 7'::int2vector, 6::int2), array_to_string('5 6'::oidvector, ','), ('5 6'::int2vector)[0], ('5 6'::oidvector)::oid[], ('5 6'::int2vector)::int2[]
---
array_position | array_to_string | int2vector | oid | int2
1 | 5,6 | 5 | [0:1]={5,6} | [0:1]={5,6}

select 5 = any ('5 6'::int2vector), 7::oid = any ('5 6'::oidvector), 5 <> all ('5 6'::int2vector)
---
?column? | ?column? | ?column?
t | f | f

create table vt (a int, b int, c int, primary key (c, a))
---
ok 0

select a.attname from pg_index i, unnest(i.indkey) with ordinality k(n, o) join pg_attribute a on a.attnum = k.n and a.attrelid = 'vt'::regclass where i.indrelid = 'vt'::regclass order by o
---
attname
c
a

select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) where i.indrelid = 'vt'::regclass order by array_position(i.indkey, a.attnum)
---
attname
c
a

select array_agg(t::regtype) from pg_proc, unnest(proargtypes) t where proname = 'pg_describe_object'
---
array_agg
{oid,oid,integer}

drop table vt
---
ok 0
