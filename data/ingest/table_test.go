package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestReadTable(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("id,name\n1,东城镇\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{{Line: 2, Cells: []string{"1", "东城镇"}}}
	tests := []struct {
		name, file string
		told       int
	}{
		{"plain UTF-8", "id,name\n1,东城镇\n", 0},
		{"a byte order mark", "\ufeffid,name\n1,东城镇\n", 0},
		{"CRLF", "id,name\r\n1,东城镇\r\n", 0},
		{"GBK is read and told", gbk, 1},
		{"semicolons", "id;name\n1;东城镇\n", 0},
		{"tabs", "id\tname\n1\t东城镇\n", 0},
		{"blanks around cells, empty columns at the end", " id , name ,,\n 1 ,\"东城镇\",,\n", 0},
		{"no newline at the end", "id,name\n1,东城镇", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadTable("t.csv", strings.NewReader(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{"id", "name"}, got.Header); d != "" {
				t.Errorf("header (-want +got):\n%s", d)
			}
			if d := cmp.Diff(want, got.Rows); d != "" {
				t.Errorf("rows (-want +got):\n%s", d)
			}
			if len(got.Findings) != tt.told {
				t.Errorf("told %v, want %d findings", got.Findings, tt.told)
			}
		})
	}
}

func TestReadTableKeepsLineNumbers(t *testing.T) {
	got, err := ReadTable("t.csv", strings.NewReader("id,text\n1,\"two\nlines\"\n\n2,b\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 2 || got.Rows[0].Line != 2 || got.Rows[1].Line != 5 {
		t.Errorf("rows %+v, want lines 2 and 5", got.Rows)
	}
}

func TestReadTableRefusesBadFiles(t *testing.T) {
	var wide strings.Builder
	for i := range MaxColumns + 1 {
		fmt.Fprintf(&wide, "c%d,", i)
	}
	wide.WriteString("end\n")
	tests := []struct{ name, file, rule, place string }{
		{"an empty file", "", "file-empty", ""},
		{"a byte order mark alone", "\ufeff \r\n", "file-empty", ""},
		{"wide blanks in GBK", "\xa1\xa1", "file-empty", ""},
		{"UTF-16", "\xff\xfei\x00d\x00", "encoding-unknown", ""},
		{"a spreadsheet", "PK\x03\x04\x00\x00", "encoding-unknown", ""},
		{"neither UTF-8 nor GBK", "id\n\xff\xff\xff\n", "encoding-unknown", ""},
		{"a short row", "a,b\n1,2\n3\n", "row-length", "line 3"},
		{"a long row", "a,b\n1,2,3\n", "row-length", "line 2"},
		{"a quote that is not closed", "a,b\n1,\"2\n", "csv-broken", "line"},
		{"a column twice", "a,A\n1,2\n", "header-twice", "line 1"},
		{"a column without a name", "a,,c\n1,2,3\n", "header-empty", "line 1"},
		{"too many columns", wide.String(), "file-large", "line 1"},
		{"a huge cell", "a\n" + strings.Repeat("x", MaxCellBytes+1) + "\n", "cell-large", "line 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadTable("t.csv", strings.NewReader(tt.file))
			if rules := refusal(t, err); rules[0] != tt.rule {
				t.Errorf("refused by %v, want %s: %v", rules, tt.rule, err)
			}
			if !strings.Contains(err.Error(), "t.csv: "+tt.place) {
				t.Errorf("%v does not name %q", err, tt.place)
			}
		})
	}
}

func TestPersonalName(t *testing.T) {
	for _, n := range []string{
		"姓名", "户主姓名", "身份证号", "联系电话", "手机号码", "微信号", "民族", "出生日期", "生日", "年龄", "性别", "户主", "业主",
		"phone", "Phone Number", "mobile_phone", "wechat", "WeChatID", "ethnicity", "birth_date", "dateOfBirth", "age", "Sex", "gender",
		"household_head", "householdHead", "ID card", "id_card", "resident_name", "tenant", "email", "contact_name", "first_name",
	} {
		if !personalName(n) {
			t.Errorf("%q is not seen as personal", n)
		}
	}
	for _, n := range []string{
		"id", "name", "code", "households", "户数", "住户数", "楼栋", "levels", "lon", "lat", "kind", "page", "message", "reported_at",
		"district", "社区", "residents", "stage", "village", "usage", "status", "小区名称", "category", "CCN", "BLOCK", "OFFENSE",
	} {
		if personalName(n) {
			t.Errorf("%q is seen as personal", n)
		}
	}
}

func TestPersonalValues(t *testing.T) {
	// The numbers are made up; only their check characters are right.
	for _, v := range []string{"11010519491231002X", "11010519491231002x", "440524188001010014"} {
		want := v[6:10] >= "1900"
		if identityCard(v) != want {
			t.Errorf("identityCard(%q) = %v", v, !want)
		}
	}
	for _, v := range []string{"110105194912310021", "11010519491331002X", "441704001001001", ""} {
		if identityCard(v) {
			t.Errorf("%q is taken for an identity card", v)
		}
	}
	for v, want := range map[string]bool{"13800138000": true, "+86 138-0013-8000": true, "12800138000": false, "1380013800": false, "138001380001": false} {
		if mobileNumber(v) != want {
			t.Errorf("mobileNumber(%q) = %v", v, !want)
		}
	}
}
