package ingest

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// What looks personal by its name. Single words are compared with the words of a
// column's name, whole names with all of it.
var (
	personalWords = set(
		"phone", "telephone", "tel", "mobile", "cellphone", "wechat", "weixin", "qq", "email", "passport", "ethnicity", "ethnic",
		"birth", "birthday", "birthdate", "dob", "gender", "surname", "religion", "marital", "hukou", "resident", "tenant",
		"occupant", "householder", "landlord", "caller", "reporter", "nationality",
	)
	personalNames = set(
		"age", "sex", "race", "idcard", "idcardno", "idcardnumber", "idno", "idnumber", "identity", "identitycard", "personid",
		"householdhead", "headofhousehold", "firstname", "lastname", "fullname", "familyname", "givenname", "personname",
		"wechatid", "wechatno", "phonenumber", "phoneno", "mobilenumber", "mobileno", "mobilephone", "dateofbirth", "residentname",
		"contact", "contactname", "ownername", "owner", "shenfenzheng", "xingming", "shouji", "dianhua", "minzu",
	)
	personalChinese = []string{
		"姓名", "身份证", "证件号", "证件类型", "电话", "手机", "联系方式", "联系人", "微信", "民族", "出生", "生日", "年龄", "性别",
		"户主", "户籍", "户口", "婚姻", "政治面貌", "宗教", "籍贯", "租客", "租户", "房东", "业主", "学历", "邮箱", "护照", "报警人", "报案人",
	}
)

const personalRemedy = "delete the column and import again: gridbeat keeps no register of persons (staff and volunteers come in with import people)"

// personalName reports whether a column's name looks personal.
func personalName(column string) bool {
	for _, c := range personalChinese {
		if strings.Contains(column, c) {
			return true
		}
	}
	words := wordsOf(column)
	for _, w := range words {
		if personalWords[w] {
			return true
		}
	}
	return personalNames[strings.Join(words, "")]
}

// wordsOf splits a name such as householdHead, household_head or "Household head".
func wordsOf(name string) []string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		} else {
			b.WriteByte(' ')
		}
		last = r
	}
	return strings.Fields(b.String())
}

// columns is what the rule about personal columns looks at: names, and the values
// under each.
type columns struct {
	names  []string
	values func(column int, each func(string))
}

// refusePersonal fails when a column looks personal, by its name, or by what it
// holds: an identity card number, or mobile numbers in most of its cells. Columns
// in allowed are judged by their values for identity cards alone.
func refusePersonal(source string, c columns, allowed ...string) error {
	legal := set(allowed...)
	for i, name := range c.names {
		staff := legal[strings.ToLower(name)]
		if !staff && personalName(name) {
			return bad(source, "personal-column", "column "+name, fmt.Sprintf("the column %q looks like data about persons", name), personalRemedy)
		}
		cards, mobiles, all := 0, 0, 0
		c.values(i, func(v string) {
			if v == "" {
				return
			}
			all++
			if identityCard(v) {
				cards++
			}
			if mobileNumber(v) {
				mobiles++
			}
		})
		switch {
		case cards > 0:
			return bad(source, "personal-column", "column "+name, fmt.Sprintf("%d values of the column %q are identity card numbers", cards, name), personalRemedy)
		case !staff && 2*mobiles > all:
			return bad(source, "personal-column", "column "+name, fmt.Sprintf("%d of %d values of the column %q are mobile phone numbers", mobiles, all, name), personalRemedy)
		}
	}
	return nil
}

// identityCard reports whether text is a Chinese identity card number: 17 digits
// with a day of birth, and the check character of GB 11643.
func identityCard(text string) bool {
	if len(text) != 18 {
		return false
	}
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
		sum += weight * int(text[i]-'0')
	}
	born, err := time.Parse("20060102", text[6:14])
	if err != nil || born.Year() < 1900 || born.Year() > 2100 {
		return false
	}
	return "10X98765432"[sum%11] == strings.ToUpper(text)[17]
}

// mobileNumber reports whether text is a mobile number of mainland China.
func mobileNumber(text string) bool {
	text = strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimPrefix(text, "+86"))
	if len(text) != 11 || text[0] != '1' || text[1] < '3' {
		return false
	}
	return strings.Trim(text, "0123456789") == ""
}

func (t *Table) columns() columns {
	return columns{t.Header, func(i int, each func(string)) {
		for _, r := range t.Rows {
			each(r.Cells[i])
		}
	}}
}
