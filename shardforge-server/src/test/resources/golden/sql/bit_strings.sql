select B'101', X'1F', B'', x'', b'0', pg_typeof(B'1')
---
?column? | ?column? | ?column? | ?column? | ?column? | pg_typeof
101 | 00011111 | '' | '' | 0 | bit

select B'102'
---
ERROR 22P02: "2" is not a valid binary digit
at 8

select X'1G'
---
ERROR 22P02: "G" is not a valid hexadecimal digit
at 8

select '101'::bit(3), '101'::bit(5), '10111'::bit(3), 'x1f'::varbit, '1010'::varbit(2), '1'::bit, B'1011'::bit
---
bit | bit | bit | varbit | varbit | bit | bit
101 | 10100 | 101 | 00011111 | 10 | 1 | 1

select bit '1011', bit(5) '1', varbit(3) '11111'
---
bit | bit | varbit
1011 | 10000 | 111

select 44::bit(10), (-44)::bit(12), 44::bit(3), (-1)::bit(40), 5::bit, 44::"bit", 123456789012::bigint::bit(40), (-3)::bigint::bit(70)
---
bit | bit | bit | bit | bit | bit | bit | bit
0000101100 | 111111010100 | 100 | 1111111111111111111111111111111111111111 | 1 | 0 | 0001110010111110100110010001101000010100 | 1111111111111111111111111111111111111111111111111111111111111111111101

select B'101100'::int, B'11111111111111111111111111111110'::int4, (-5)::bigint::bit(64)::bigint
---
int4 | int4 | int8
44 | -2 | -5

select B'111111111111111111111111111111111'::int
---
ERROR 22003: integer out of range

select B'1100' & B'1010', B'1100' | B'1010', B'1100' # B'1010', ~B'1100', B'10001' << 3, B'10001' >> 2, B'10001' << -2, B'10001' >> 9, B'10' || B'011', B'101' << 0
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column?
1000 | 1110 | 0110 | 0011 | 01000 | 00100 | 00100 | 00000 | 10011 | 101

select B'1' & B'10'
---
ERROR 22026: cannot AND bit strings of different sizes

select B'1' | B'10'
---
ERROR 22026: cannot OR bit strings of different sizes

select B'1' # B'10'
---
ERROR 22026: cannot XOR bit strings of different sizes

select B'10' = B'100', B'10' < B'100', B'11' > B'100', B'10' <> B'10', varbit '10' = B'10', B'0' < B'00'
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column?
f | t | t | f | t | t

select length(B'10101'), bit_length(B'10101'), octet_length(B'1010100011'), bit_count(B'10111')
---
length | bit_length | octet_length | bit_count
5 | 5 | 2 | 4

select position(B'010' in B'000001010'), position(B'' in B'1'), position(B'11' in B''), position(B'1' in B'000')
---
position | position | position | position
5 | 1 | 0 | 0

select substring(B'110010111111' from 3), substring(B'110010111111' from 3 for 4), substring(B'1100' from -1 for 4), substring(B'1100' from 9), substring(B'110010' , 2, 3)
---
substring | substring | substring | substring | substring
0010111111 | 0010 | 11 | '' | 100

select substring(B'1100' from 2 for -1)
---
ERROR 22011: negative substring length not allowed

select overlay(B'01010101010101010' placing B'11111' from 2 for 3), overlay(B'0101' placing B'11' from 4), overlay(B'0101' placing B'11' from 9)
---
overlay | overlay | overlay
0111110101010101010 | 01011 | 010111

select overlay(B'0101' placing B'11' from 0)
---
ERROR 22011: negative substring length not allowed

select get_bit(B'10110', 2), set_bit(B'10110', 1, 1), set_bit(B'101100000000111', 9, 1)
---
get_bit | set_bit | set_bit
1 | 11110 | 101100000100111

select get_bit(B'101', 3)
---
ERROR 2202E: bit index 3 out of valid range (0..2)

select set_bit(B'101', 1, 2)
---
ERROR 22023: new bit must be 0 or 1

create table b (k bit(4) primary key, v varbit(6), a bit(2)[], d bit(3) default B'101', x varbit)
---
ok 0

insert into b (k, v, a) values (B'0001', B'1', '{10,01}'), (B'1000', B'101010', array[B'11', B'00']), (X'C', null, null), ('0101', '', '{}')
---
ok 4

insert into b (k) values (B'101')
---
ERROR 22026: bit string length 3 does not match type bit(4)

insert into b (k) values (B'10101')
---
ERROR 22026: bit string length 5 does not match type bit(4)

insert into b (k, v) values (B'1111', B'1010101')
---
ERROR 22001: bit string too long for type bit varying(6)

insert into b (k) values (B'1000')
---
ERROR 23505: duplicate key value violates unique constraint "b_pkey"
detail Key (k)=(1000) already exists.

insert into b (k, v) values (B'1111', 'abc')
---
ERROR 22P02: "a" is not a valid binary digit
at 39

select * from b order by k
---
k | v | a | d | x
0001 | 1 | {10,01} | 101 | NULL
0101 | '' | {} | 101 | NULL
1000 | 101010 | {11,00} | 101 | NULL
1100 | NULL | NULL | 101 | NULL

select * from b where k > B'0101' order by k desc
---
k | v | a | d | x
1100 | NULL | NULL | 101 | NULL
1000 | 101010 | {11,00} | 101 | NULL

select * from b where k = B'1000' or v = '101010'
---
k | v | a | d | x
1000 | 101010 | {11,00} | 101 | NULL

create index bv on b (v)
---
ok 0

create unique index bx on b (x desc)
---
ok 0

insert into b (k,x) select g::bit(4), (g*g)::bit(9)::varbit from generate_series(2,4) g
---
ok 3

select k, x from b where x is not null order by x desc
---
k | x
0100 | 000010000
0011 | 000001001
0010 | 000000100

select k, v from b where v between B'0' and B'11' order by v
---
k | v
0001 | 1
1000 | 101010

select bit_and(k), bit_or(k), bit_xor(k), bit_and(v) filter (where v = B'1') from b
---
bit_and | bit_or | bit_xor | bit_and
0000 | 1111 | 0101 | 1

select bit_and(v) from b
---
ERROR 22026: cannot AND bit strings of different sizes

select distinct d from b
---
d
101

select d, count(*) from b group by d
---
d | count
101 | 7

select max(length(v)) from b
---
max
6

update b set v = v || B'11' where k = B'0001' returning v
---
v
111

update b set v = v || B'11111' where k = B'0001' returning v
---
ERROR 22001: bit string too long for type bit varying(6)

select k from b where a = '{11,00}'
---
k
1000

select array_agg(k order by k) from b
---
array_agg
{0001,0010,0011,0100,0101,1000,1100}

select a[1] from b where a[1] is not null order by 1
---
a
10
11

select b.k::text, b.v::text, b.k::varbit(2), (k::int) + 1 from b order by k limit 2
---
ERROR 42702: ORDER BY "k" is ambiguous
at 75

select '1 0'::bit(3)
---
ERROR 22P02: " " is not a valid binary digit
at 8

select column_name, data_type, character_maximum_length, column_default, udt_name from information_schema.columns where table_name = 'b' order by ordinal_position
---
column_name | data_type | character_maximum_length | column_default | udt_name
k | bit | 4 | NULL | bit
v | bit varying | 6 | NULL | varbit
a | ARRAY | NULL | NULL | _bit
d | bit | 3 | '101'::"bit" | bit
x | bit varying | NULL | NULL | varbit

select attname, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid) from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'b'::regclass and attnum > 0 order by attnum
---
attname | format_type | pg_get_expr
k | bit(4) | NULL
v | bit varying(6) | NULL
a | bit(2)[] | NULL
d | bit(3) | '101'::"bit"
x | bit varying | NULL

alter table b alter k type bit(6)
---
ERROR 22026: bit string length 4 does not match type bit(6)

select k from b order by k limit 1
---
k
0001

alter table b alter k type bit(6) using k::bit(6)
---
ok 0

select k from b order by k limit 1
---
k
000100

create table c (b bit, v bit varying)
---
ok 0

insert into c values ('1', '0101')
---
ok 1

select to_json(b), to_jsonb(v) from c
---
to_json | to_jsonb
"1" | "0101"

select format('%s', v) from c
---
format
0101

select coalesce(v, B'1') from c
---
coalesce
0101

select case when true then B'1' else varbit '01' end
---
case
1

create table bad (x bit(0))
---
ERROR 22023: length for type bit must be at least 1
at 21

create table bad (x varbit(83886081))
---
ERROR 22023: length for type varbit cannot exceed 83886080
at 21

create table bad (x bit(1,2))
---
ERROR 22023: invalid type modifier
at 21

select '101'::text::bit(3), '101'::varchar::varbit, b'1'::text || 'x', 1::bit(2)::text
---
bit | varbit | ?column? | text
101 | 101 | 1x | 01

select true::bit
---
ERROR 42846: cannot cast type boolean to bit
at 12

select B'101'::bool
---
ERROR 42846: cannot cast type bit to boolean
at 14

select '10'::bit(2)::bytea
---
ERROR 42846: cannot cast type bit to bytea
at 20

select sum(B'1')
---
ERROR 42883: function sum(bit) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

select B'1' + 1
---
ERROR 42883: operator does not exist: bit + integer
at 13
hint No operator matches the given name and argument types. You might need to add explicit type casts.

select bit '0101' in (b'0101', b'11'), bit '0101' = any (array[b'0101'])
---
?column? | ?column?
t | t

select row(b'1') < row(b'01'), greatest(b'1', b'01'), md5(b'1'::text)
---
?column? | greatest | md5
f | 1 | c4ca4238a0b923820dcc509a6f75849b

drop table b, c
---
ok 0
