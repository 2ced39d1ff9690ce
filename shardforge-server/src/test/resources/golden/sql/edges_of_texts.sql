select make_time(24,0,2.1)
---
ERROR 22008: time field value out of range: 24:00:2.1

select make_time(24,0,2)
---
ERROR 22008: time field value out of range: 24:00:02

select make_time(10,60,12.5)
---
ERROR 22008: time field value out of range: 10:60:12.5

select 'null.type()'::jsonpath, '"a".type()'::jsonpath, 'true.type()'::jsonpath, '(1).type()'::jsonpath, '(1.5).floor()'::jsonpath
---
jsonpath | jsonpath | jsonpath | jsonpath | jsonpath
null.type() | "a".type() | true.type() | (1).type() | (1.5).floor()

select '00'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "00" of jsonpath input
at 8

select '01'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "01" of jsonpath input
at 8

select '$[00]'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "00" of jsonpath input
at 8

select '0'::jsonpath, '0.5'::jsonpath, '0e1'::jsonpath, '10'::jsonpath
---
jsonpath | jsonpath | jsonpath | jsonpath
0 | 0.5 | 0 | 10

select '1e'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "1e" of jsonpath input
at 8

select '1.e'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "1.e" of jsonpath input
at 8

select '1.2e'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "1.2e" of jsonpath input
at 8

select '1e+'::jsonpath
---
ERROR 42601: invalid numeric literal at or near "1e+" of jsonpath input
at 8

select '1e5a'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "1e5a" of jsonpath input
at 8

select '1a'::jsonpath
---
ERROR 42601: trailing junk after numeric literal at or near "1a" of jsonpath input
at 8

select '"\u"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u" of jsonpath input
at 8

select '"\u00"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u00" of jsonpath input
at 8

select '"\u000g"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u000" of jsonpath input
at 8

select '"\u{41"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u{41" of jsonpath input
at 8

select '"\u{}"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u{" of jsonpath input
at 8

select '"\x4"'::jsonpath
---
ERROR 42601: invalid hex character sequence at or near "\x4" of jsonpath input
at 8

select '"\x41\u0042\u{43}"'::jsonpath
---
jsonpath
"ABC"

select '"\ud83d\ud83d"'::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath
at 8
detail Unicode high surrogate must not follow a high surrogate.

select '"\ude04\ud83d"'::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath
at 8
detail Unicode low surrogate must follow a high surrogate.

select '"\ud83dX"'::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath
at 8
detail Unicode low surrogate must follow a high surrogate.

select '"\ud83d\u0041"'::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath
at 8
detail Unicode low surrogate must follow a high surrogate.

select '"\u0041\u"'::jsonpath
---
ERROR 42601: invalid unicode sequence at or near "\u0041\u" of jsonpath input
at 8

select '"\ud83d\ude04 \ud83d\ude04"'::jsonpath
---
jsonpath
"😄 😄"

select '$."\ude04X"'::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath
at 8
detail Unicode low surrogate must follow a high surrogate.

select '{"one": 1,
"averyveryveryveryveryveryveryveryveryverylongfieldname":}'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Expected JSON value, but found "}".

select '{
"averyveryveryveryveryveryveryveryverylongfieldn":}'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Expected JSON value, but found "}".

select '{
"averyveryveryveryveryveryveryveryverylongfie":}'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Expected JSON value, but found "}".

select '{
"äveryveryveryveryverylängfieldnamegggggggg":}'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Expected JSON value, but found "}".

select '{"a":1
x}'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Token "x" is invalid.

select '{"a":1x'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail Token "1x" is invalid.

select '{"a":'::json
---
ERROR 22P02: invalid input syntax for type json
at 8
detail The input string ended unexpectedly.

select concat_ws(',', variadic 10)
---
ERROR 42804: VARIADIC argument must be an array
at 32

select concat(variadic 'a')
---
ERROR 42804: VARIADIC argument must be an array
at 24

select format('%s', variadic 10+1)
---
ERROR 42804: VARIADIC argument must be an array
at 30

select num_nulls(variadic 3)
---
ERROR 42804: VARIADIC argument must be an array
at 27

select json_build_array(variadic 3)
---
ERROR 42804: VARIADIC argument must be an array
at 34

select concat(variadic null::int[]), concat(variadic array[1,2])
---
concat | concat
NULL | 12

create domain edge_list as int[]
---
ok 0

select concat(variadic array[1,2]::edge_list), concat_ws('-', variadic '1 2'::oidvector)
---
concat | concat_ws
12 | 1-2

select concat(variadic null)
---
ERROR 42804: VARIADIC argument must be an array
at 24

drop domain edge_list
---
ok 0

select jsonb_path_query('"NaN"', '$.double()')
---
ERROR 22036: string argument of jsonpath item method .double() is not a valid representation of a double precision number

select jsonb_path_query('"1e400"', '$.double()')
---
ERROR 22036: string argument of jsonpath item method .double() is not a valid representation of a double precision number

select jsonb_path_query('" 1.5 "', '$.double()')
---
jsonb_path_query
1.5
