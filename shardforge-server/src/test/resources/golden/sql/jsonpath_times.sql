set time zone 'UTC'
---
ok 0

select jsonb_path_query('"2024-02-29"', '$.date()'), jsonb_path_query('"2024-02-29 10:11:12.5"', '$.date()'), jsonb_path_query('"2024-02-29"', '$.date().type()'), jsonb_path_query('"2024-02-29"', '$.timestamp()')
---
jsonb_path_query | jsonb_path_query | jsonb_path_query | jsonb_path_query
"2024-02-29" | "2024-02-29" | "date" | "2024-02-29T00:00:00"

select jsonb_path_query('"2024-02-30"', '$.date()')
---
ERROR 22031: date format is not recognized: "2024-02-30"

select jsonb_path_query('"10:11"', '$.datetime()')
---
ERROR 22031: datetime format is not recognized: "10:11"
hint Use a datetime template argument to specify the input data format.

select jsonb_path_query('17', '$.time()')
---
ERROR 22031: jsonpath item method .time() can only be applied to a string

select jsonb_path_query('["x"]', 'strict $.time()')
---
ERROR 22031: jsonpath item method .time() can only be applied to a string

select jsonb_path_query_array('["10:11:12.345", "2024-02-29T10:11:12.345"]', '$[*].time(1)'), jsonb_path_query('"10:11:12.345"', '$.time().type()'), jsonb_path_query('"10:11:12.9 +5:30"', '$.time_tz(0)'), jsonb_path_query('"10:11:12-3"', '$.time_tz().type()')
---
jsonb_path_query_array | jsonb_path_query | jsonb_path_query | jsonb_path_query
["10:11:12.3", "10:11:12.3"] | "time without time zone" | "10:11:13+05:30" | "time with time zone"

select jsonb_path_query('"10:11:12"', '$.time(12345678901)')
---
ERROR 22031: time precision of jsonpath item method .time() is out of range for type integer

select '$.time(1.5)'::jsonpath
---
ERROR 42601: syntax error at or near "1.5" of jsonpath input
at 8

select '$.time(-1)'::jsonpath
---
ERROR 42601: syntax error at or near "-" of jsonpath input
at 8

select '$.date(1)'::jsonpath
---
ERROR 42601: syntax error at or near "1" of jsonpath input
at 8

select '$.datetime("yyyy \"y\"") ? (@.time(3) < $.timestamp_tz( ))'::jsonpath, '$.datetime().time'::jsonpath
---
jsonpath | jsonpath
$.datetime("yyyy \"y\"")?(@.time(3) < $.timestamp_tz()) | $.datetime()."time"

select jsonb_path_query('"2024-02-29 10:11:12 +02"', '$.timestamp_tz()'), jsonb_path_query('"2024-02-29T10:11:12Z"', '$.timestamp_tz().type()'), jsonb_path_query('"2024-02-29 10:11:12 +02:30"', '$.time_tz()')
---
jsonb_path_query | jsonb_path_query | jsonb_path_query
"2024-02-29T10:11:12+02:00" | "timestamp with time zone" | "07:41:12+00:00"

select jsonb_path_query('"2024-02-29 10:11:12 +02"', '$.timestamp()')
---
ERROR 0A000: cannot convert value from timestamptz to timestamp without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query('"2024-02-29 10:11:12 +02"', '$.date()', silent => true)
---
ERROR 0A000: cannot convert value from timestamptz to date without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query('"10:11:12"', '$.time_tz()')
---
ERROR 0A000: cannot convert value from time to timetz without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query('"2024-02-29"', '$.timestamp_tz()')
---
ERROR 0A000: cannot convert value from date to timestamptz without time zone usage
hint Use *_tz() function for time zone support.

select '"2024-02-29 10:11:12+02"'::jsonb @? '$ ? (@.timestamp() > 1)'
---
ERROR 0A000: cannot convert value from timestamptz to timestamp without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query_tz('"2024-02-29 01:11:12 +02"', '$.timestamp()'), jsonb_path_query_tz('"2024-02-29 01:11:12 +02"', '$.date()'), jsonb_path_query_tz('"2024-02-29 01:11:12 +02"', '$.time()'), jsonb_path_query_tz('"10:11:12"', '$.time_tz()'), jsonb_path_query_tz('"2024-02-29"', '$.timestamp_tz()')
---
jsonb_path_query_tz | jsonb_path_query_tz | jsonb_path_query_tz | jsonb_path_query_tz | jsonb_path_query_tz
"2024-02-28T23:11:12" | "2024-02-28" | "23:11:12" | "10:11:12+00:00" | "2024-02-29T00:00:00+00:00"

select jsonb_path_query('"29.02.2024 10:11"', '$.datetime("dd.mm.yyyy HH24:MI")'), jsonb_path_query('"29.02.2024"', '$.datetime("dd.mm.yyyy")'), jsonb_path_query('"10:11 -05:20"', '$.datetime("HH24:MI TZH:TZM")'), jsonb_path_query('"2024-02-29 10 +01"', '$.datetime("yyyy-mm-dd HH24 TZH")')
---
jsonb_path_query | jsonb_path_query | jsonb_path_query | jsonb_path_query
"2024-02-29T10:11:00" | "2024-02-29" | "10:11:00-05:20" | "2024-02-29T10:00:00+01:00"

select jsonb_path_query('"29.02.2024"', '$.datetime("dd.mm.yyyy HH24")')
---
ERROR 22007: input string is too short for datetime format

select jsonb_path_query('"29.02.2024 10"', '$.datetime("dd.mm.yyyy")')
---
ERROR 22007: trailing characters remain in input string after datetime format

select jsonb_path_query('"29-02-2024"', '$.datetime("dd.mm.yyyy")')
---
ERROR 22007: unmatched format separator "."

select jsonb_path_query('"29.02.2024 x"', '$.datetime("dd.mm.yyyy HH24")', silent => true)
---
jsonb_path_query

select jsonb_path_query('"29.02.2024 x"', '$.datetime("dd.mm.yyyy HH24")')
---
ERROR 22007: invalid value "x" for "HH24"
detail Value must be an integer.

select jsonb_path_query('"+01"', '$.datetime("TZH")')
---
ERROR 22007: datetime format is not dated and not timed

select jsonb_path_query('"2024 +01"', '$.datetime("yyyy TZH")')
---
ERROR 22007: datetime format is zoned but not timed

select jsonb_path_query_array('["2024-03-01", "2024-02-29", "2024-03-01 00:00:01", "10:00:00", 7]', '$[*] ? (@.type() == "string").datetime() ? (@ > "2024-02-29".date())'), jsonb_path_query_array('["10:00:00", "09:59:59.9"]', '$[*].datetime() ? (@ < "10:00:00".time())')
---
jsonb_path_query_array | jsonb_path_query_array
["2024-03-01", "2024-03-01T00:00:01"] | ["09:59:59.9"]

select jsonb_path_query('["2024-03-01 00:00:00+00"]', '$[*].datetime() ? (@ > "2024-02-29".date())')
---
ERROR 0A000: cannot convert value from date to timestamptz without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query('["10:00:00"]', '$[*].time() ? (@ > "10:00:00+01".time_tz())')
---
ERROR 0A000: cannot convert value from time to timetz without time zone usage
hint Use *_tz() function for time zone support.

select jsonb_path_query_array_tz('["2024-03-01", "2024-02-29 23:00:00-02", "2024-03-01 01:00:00+03", "2024-03-01 00:00:00"]', '$[*].datetime() ? (@ >= "2024-03-01".date())'), jsonb_path_query_array_tz('["10:00:00", "11:00:00+01", "11:00:00+02", "2024-03-01"]', '$[*].datetime() ? (@ >= "10:00:00".time())')
---
jsonb_path_query_array_tz | jsonb_path_query_array_tz
["2024-03-01", "2024-02-29T23:00:00-02:00", "2024-03-01T00:00:00"] | ["10:00:00"]

select jsonb_path_query_tz('["2024-02-29 10:11:12"]', '$[*].timestamp_tz().string()'), jsonb_path_query('["2024-02-29"]', '$[*].date().string()')
---
jsonb_path_query_tz | jsonb_path_query
"2024-02-29T10:11:12+00:00" | "2024-02-29"

select json_value('1', '$t' passing timestamptz '2024-02-29 10:11:12.5+02' as t), json_value('1', '$t' passing timestamptz '2024-02-29 10:11:12.5+02' as t returning jsonb), json_value('1', '$t' passing timetz '10:11:12+2' as t returning text), json_query('1', '$t' passing date '2024-02-29' as t), json_query('1', '$t' passing time '10:11:12' as t with wrapper), json_value('1', '$t.type()' passing timestamp '2024-02-29 10:11:12' as t)
---
json_value | json_value | json_value | json_query | json_query | json_value
2024-02-29 08:11:12.5+00 | "2024-02-29T08:11:12.5+00:00" | 10:11:12+02 | "2024-02-29" | ["10:11:12"] | timestamp without time zone

select json_exists('"2024-02-28"', '$.date() ? (@ < $d)' passing date '2024-02-29' as d), json_value('"2024-02-29"', '$.date()' returning date), json_value('"2024-02-29 10:11:12+02"', '$.timestamp()' error on error), json_value('"x"', '$.date()' default 'none' on error)
---
json_exists | json_value | json_value | json_value
t | 2024-02-29 | 2024-02-29 08:11:12 | none

select json_value('"x"', '$.date()' error on error)
---
ERROR 22031: date format is not recognized: "x"

create table times (id int primary key, doc jsonb)
---
ok 0

insert into times values (1, '{"at": "2024-02-29"}'), (2, '{"at": "2024-03-01T10:00:00"}')
---
ok 2

select id from times where doc @? '$.at ? (@.datetime() > "2024-02-29".date())'
---
id
2

create index on times (json_value(doc, '$.at.date()'))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

drop table times
---
ok 0

reset time zone
---
ok 0
