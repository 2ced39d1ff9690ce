# Arrays of arrays, of int2vector and oidvector, buckets between thresholds, binary forms of values.
select array(select array[i,i/2] from generate_series(1,5) i)
---
array
{{1,0},{2,1},{3,1},{4,2},{5,2}}

select array(select array['Hello', i::text] from generate_series(9,11) i)
---
array
{{Hello,9},{Hello,10},{Hello,11}}

select array(select array[i] from generate_series(1,0) i)
---
array
{}

select array(select null::int[] from generate_series(1,2) i)
---
ERROR 22004: cannot accumulate null arrays

select array(select '{}'::int[] from generate_series(1,2) i)
---
ERROR 2202E: cannot accumulate empty arrays

select array(select array_fill(0,array[i]) from generate_series(1,2) i)
---
ERROR 2202E: cannot accumulate arrays of different dimensionality

select array_agg(x) from (values (array[1,2]),(array[3])) v(x)
---
ERROR 2202E: cannot accumulate arrays of different dimensionality

select array_agg(x) from (values (array[1,2]),(null)) v(x)
---
ERROR 22004: cannot accumulate null arrays

select pg_typeof(array(select '11 22 33'::int2vector from generate_series(1,2)))
---
pg_typeof
int2vector[]

select array(select '11 22 33'::int2vector from generate_series(1,2))
---
array
{"11 22 33","11 22 33"}

select unnest(array(select '11 22 33'::int2vector from generate_series(1,2)))
---
unnest
11 22 33
11 22 33

select pg_typeof(unnest(array['11 22 33'::oidvector])), array['11 22 33'::oidvector, '1']
---
pg_typeof | array
oidvector | {"11 22 33",1}

select (array['11 22 33'::int2vector])[1][0]
---
array
NULL

select array_fill(1, array[2,2], '{}')
---
ERROR 2202E: wrong number of array subscripts
detail Low bound array has different size than dimensions array.

select array_fill(1, array[3,3], array[1,1,1])
---
ERROR 2202E: wrong number of array subscripts
detail Low bound array has different size than dimensions array.

select array_fill(1, array[3,3], array[[1,1]])
---
ERROR 2202E: wrong number of array subscripts
detail Dimension array must be one dimensional.

select array_fill(1, array[[1,2],[3,4]])
---
ERROR 2202E: wrong number of array subscripts
detail Dimension array must be one dimensional.

select array_fill(1, array[1,null]), 2
---
ERROR 22004: dimension values cannot be null

select array_fill(1, array[1,1],array[1,null]), 2
---
ERROR 22004: dimension values cannot be null

select array_fill(1, '{}'::int[]), array_fill(1, '{}'::int[], '{}'), array_fill(7, array[2],array[-1])
---
array_fill | array_fill | array_fill
{} | {} | [-1:0]={7,7}

SELECT op, width_bucket(op, ARRAY[1, 3, 5, 10]), width_bucket(op::float8, ARRAY[1, 3, 9, 'NaN', 'NaN']::float8[]), width_bucket(op, array[1.0,3.9999]) FROM generate_series(0,11) as op
---
op | width_bucket | width_bucket | width_bucket
0 | 0 | 0 | 0
1 | 1 | 1 | 1
2 | 1 | 1 | 1
3 | 2 | 2 | 1
4 | 2 | 2 | 2
5 | 3 | 2 | 2
6 | 3 | 2 | 2
7 | 3 | 2 | 2
8 | 3 | 2 | 2
9 | 3 | 3 | 2
10 | 4 | 3 | 2
11 | 4 | 3 | 2

SELECT width_bucket('NaN'::float8, ARRAY[1, 3, 9, 'NaN', 'NaN']::float8[])
---
width_bucket
5

SELECT width_bucket(5, ARRAY[3])
---
width_bucket
1

SELECT width_bucket(5, '{}')
---
width_bucket
0

SELECT width_bucket('5'::text, ARRAY[3, 4])
---
ERROR 42883: function width_bucket(text, integer[]) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

SELECT width_bucket(5, ARRAY[3, 4, NULL])
---
ERROR 22004: thresholds array must not contain NULLs

SELECT width_bucket(5, ARRAY[ARRAY[1, 2], ARRAY[3, 4]])
---
ERROR 2202E: thresholds must be one-dimensional array

SELECT width_bucket('b'::text, array['a','b','c']), width_bucket(null::int, array[1])
---
width_bucket | width_bucket
2 | NULL

select width_bucket('b'::text collate "en-x-icu", array['a','B','c'])
---
width_bucket
1

select int2send(5::int2), int4send(-1), int8send(7), float4send(1.5), float8send(-2), textsend('aé'), boolsend(true), numeric_send(12.345), date_send('2000-01-02'), timestamp_send('2000-01-01 00:00:01'), interval_send('1 month 2 days 3 s'), uuid_send('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), array_send(array[1,null]), jsonb_send('{"a":1}'), bit_send(b'101'), byteasend('\x01'), time_send('00:00:01'), oidsend(5), namesend('n')
---
int2send | int4send | int8send | float4send | float8send | textsend | boolsend | numeric_send | date_send | timestamp_send | interval_send | uuid_send | array_send | jsonb_send | bit_send | byteasend | time_send | oidsend | namesend
\x0005 | \xffffffff | \x0000000000000007 | \x3fc00000 | \xc000000000000000 | \x61c3a9 | \x01 | \x0002000000000003000c0d7a | \x00000001 | \x00000000000f4240 | \x00000000002dc6c00000000200000001 | \xa0eebc999c0b4ef8bb6d6bb9bd380a11 | \x00000001000000010000001700000002000000010000000400000001ffffffff | \x017b2261223a20317d | \x00000003a0 | \x01 | \x00000000000f4240 | \x00000005 | \x6e

select array_agg(x) || array_agg(x) FROM (VALUES (ROW(1,2)), (ROW(3,4))) v(x)
---
?column?
{"(1,2)","(3,4)","(1,2)","(3,4)"}

select 'int4send'::regproc, 'width_bucket(anycompatible,anycompatiblearray)'::regprocedure
---
regproc | regprocedure
int4send | width_bucket(anycompatible,anycompatiblearray)
