select jsonb_path_query_array('{"a": {"b": 1}}', '$.**{0}'), jsonb_path_query_array('{"a": {"b": 1}}', '$.**{0 to 1}'), '{"a": {"b": 1}}'::jsonb @? '$.**{0}.b', jsonb_path_query_array('[[1]]', 'strict $.**{1 to 2}')
---
jsonb_path_query_array | jsonb_path_query_array | ?column? | jsonb_path_query_array
[{"a": {"b": 1}}] | [{"a": {"b": 1}}, {"b": 1}] | f | [[1], 1]

select jsonb_path_query_first('[{"a": 1}, {"a": 2}, {}]', 'strict $[*].a', silent => true), jsonb_path_query_array('[{"a": 1}, {"a": 2}, {}]', 'strict $[*].a', silent => true), jsonb_path_match('[true, 1]', '$[0]', silent => true)
---
jsonb_path_query_first | jsonb_path_query_array | jsonb_path_match
1 | [1, 2] | t

select jsonb_path_query('[{"a": 1}, {"a": 2}, {}]', 'strict $[*].a', silent => true)
---
jsonb_path_query
1
2

select jsonb_path_query('[1, "x", 2]', '+$', silent => true)
---
jsonb_path_query
1

select time '23:59:60', time '24:00:00', timetz '23:59:60+1'
---
time | time | timetz
24:00:00 | 24:00:00 | 24:00:00+01

select time '23:59:60.01'
---
ERROR 22008: date/time field value out of range: "23:59:60.01"
at 13

select timetz '23:59:60.01+1'
---
ERROR 22008: date/time field value out of range: "23:59:60.01+1"
at 15

select date_bin('15 minutes', timestamp '2024-01-01 10:20', timestamp '2024-01-01 12:01'), date_bin('15 minutes', timestamp '2024-01-01 12:20', timestamp '2024-01-01 12:01')
---
date_bin | date_bin
2024-01-01 10:16:00 | 2024-01-01 12:16:00

select date_bin('15 minutes', timestamp '294276-12-30', timestamp '4000-12-20 BC')
---
ERROR 22008: interval out of range

select date_bin('200000000 days', timestamp '2024-02-01', timestamp '2024-01-01')
---
ERROR 22008: interval out of range

select date_bin('365000 days', timestamp '4400-01-01 BC', timestamp '4000-01-01 BC')
---
ERROR 22008: timestamp out of range

select date_bin('-1 day', timestamp '2024-02-01', timestamp '2024-01-01')
---
ERROR 22008: stride must be greater than zero

select regexp_substr('abcabc', 'a.c', 1, 2), regexp_instr('abcabc', 'a.c', 1, 2)
---
regexp_substr | regexp_instr
abc | 4

select regexp_substr('abcabc', 'a.c', 1, 1, 'g')
---
ERROR 22023: regexp_substr() does not support the "global" option

select regexp_instr('abcabc', 'a.c', 1, 1, 0, 'g')
---
ERROR 22023: regexp_instr() does not support the "global" option

select regexp_split_to_array('abcabc', 'b', 'g')
---
ERROR 22023: regexp_split_to_array() does not support the "global" option

select regexp_split_to_table('abcabc', 'b', 'g')
---
ERROR 22023: regexp_split_to_table() does not support the "global" option

select format('%*0$s', 'x')
---
ERROR 22023: format specifies argument 0, but arguments are numbered from 1

select format('%0$s', 'x')
---
ERROR 22023: format specifies argument 0, but arguments are numbered from 1

select unistr('\d83d\de00') = U&'\+01f600', unistr('\u0061\\b\+000063\U00000064')
---
?column? | unistr
t | a\bcd

select unistr('a\d83d')
---
ERROR 42601: invalid Unicode surrogate pair

select unistr('a\d83db')
---
ERROR 42601: invalid Unicode surrogate pair

select unistr('a\d83d\0061')
---
ERROR 42601: invalid Unicode surrogate pair

select unistr('a\de00')
---
ERROR 42601: invalid Unicode surrogate pair

select unistr('\d83d\\')
---
ERROR 42601: invalid Unicode surrogate pair

select unistr('\U00110000')
---
ERROR 22023: invalid Unicode code point: 110000

select unistr('\006')
---
ERROR 42601: invalid Unicode escape
hint Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.

select json_build_array(variadic null::text[]), json_build_object(variadic null::text[]), jsonb_build_array(variadic null::text[]), jsonb_build_object(variadic null::text[]), jsonb_build_array(variadic '{}'::text[]), jsonb_build_array(null)
---
json_build_array | json_build_object | jsonb_build_array | jsonb_build_object | jsonb_build_array | jsonb_build_array
NULL | NULL | NULL | NULL | [] | [null]

select '[]'::jsonb #- '{a}', '{}'::jsonb #- '{a,b}', '[]'::jsonb #- '{}', '{"a": []}'::jsonb #- '{a}'
---
?column? | ?column? | ?column? | ?column?
[] | {} | [] | {}

select '[1]'::jsonb #- '{a}'
---
ERROR 22P02: path element at position 1 is not an integer: "a"

select '{"a": []}'::jsonb #- '{a,b}'
---
ERROR 22P02: path element at position 2 is not an integer: "b"

select '1'::jsonb #- '{a}'
---
ERROR 22023: cannot delete path in scalar

select U&'wrong: \db99'
---
ERROR 42601: invalid Unicode surrogate pair
at 23

select U&'wrong: \db99\0061'
---
ERROR 42601: invalid Unicode surrogate pair
at 23

select U&'wrong: \+2FFFFF'
---
ERROR 42601: invalid Unicode escape value
at 18

select U&'wrong: +0061' uescape '+'
---
ERROR 42601: invalid Unicode escape character at or near "'+'"
at 33

select E'wrong: \udb99'
---
ERROR 42601: invalid Unicode surrogate pair at or near "'"
at 23

select E'wrong: \U002FFFFF'
---
ERROR 42601: invalid Unicode escape value at or near "\U002FFFFF"
at 17
