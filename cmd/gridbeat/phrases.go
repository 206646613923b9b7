package main

import "fmt"

// phrases are the words of a printed plan in one language.
type phrases struct {
	Plan, Unit, Shift, Length, Time, Limit, Steps, Depot, DepotSign, MapOf, Legend, Diamonds, StepList string
	Streets, Driven, Longest, Missed, NoneMissed, Street, Reason, Bound                                string

	byClock                string            // StepList where the shift's start is known
	bound, noBound, proved string            // formats: the time that no plan goes below, and the gap in per cent
	hoursMinutes           string            // format: hours and minutes
	staying, visiting      string            // format: minutes at a checkpoint
	unnamed                string            // a street without a name
	junction               string            // format: the short pieces of a junction, by its streets' names
	profiles               map[string]string // by profile
	turns                  map[string]string // by patrol.Step.Turn; %s is the street
	reasons                map[string]string // by the kind of a missed street
}

var printed = map[string]phrases{
	"zh": {
		Plan: "巡逻方案", Unit: "单元", Shift: "班次", Length: "里程", Time: "用时", Limit: "班次时限", Steps: "步骤", Depot: "起止点", DepotSign: "起",
		MapOf: "路线图", Legend: "蓝线为路线,箭头为行进方向,圆圈内数字为行至第几公里;“起”为起止点。", Diamonds: "菱形为必巡点。", StepList: "行进步骤(右栏:米;出发后时:分)",
		Streets: "应巡街道", Driven: "路线总长", Longest: "最长路线", Missed: "未覆盖街道及原因", NoneMissed: "所有街道均已覆盖。", Street: "街道", Reason: "原因",
		byClock: "行进步骤(右栏:米;到达时刻)",
		bound:   "已证明:同样数量的路线,最长一条不可能少于 %s;本方案至多高出 %.1f %%", noBound: "下界未知", proved: "已证明最优:同样数量的路线,最长一条不可能少于 %s",
		hoursMinutes: "%d 小时 %02d 分", staying: "(停留 %.0f 分钟)", visiting: "(第 %d 次巡查)", unnamed: "无名路", junction: "走遍路口各短段(%s)",
		profiles: map[string]string{"foot": "步行", "bicycle": "自行车", "ebike": "电动自行车", "car": "汽车"},
		turns: map[string]string{"depart": "出发,沿%s", "straight": "直行进入%s", "slight_left": "向左前方进入%s", "left": "左转进入%s", "sharp_left": "向左急转进入%s",
			"slight_right": "向右前方进入%s", "right": "右转进入%s", "sharp_right": "向右急转进入%s", "u_turn": "掉头,沿%s返回", "arrive": "到达起止点", "checkpoint": "到达必巡点:%s", "wait": "等候,然后沿%s行进"},
		reasons: map[string]string{"unreachable": "无法到达并返回", "forbidden": "禁止通行", "beyond shift": "往返超出班次时限", "other": "其他"},
	},
	"en": {
		Plan: "Patrol plan", Unit: "Unit", Shift: "Shift", Length: "Length", Time: "Time", Limit: "Shift limit", Steps: "Steps", Depot: "Starts and ends at", DepotSign: "S",
		MapOf: "Map of the route of", Legend: "Blue: the route, arrows: its direction, numbers in circles: kilometres driven so far, S: start and end.", Diamonds: "Diamonds: checkpoints.", StepList: "Steps (on the right: metres; h:min since the start)",
		Streets: "Streets to cover", Driven: "Routes", Longest: "Longest route", Missed: "Streets not covered, and why", NoneMissed: "Every street is covered.", Street: "Street", Reason: "Reason",
		byClock: "Steps (on the right: metres; time of day)",
		bound:   "Proved: with so many routes the longest cannot take less than %s; this plan is at most %.1f %% above", noBound: "No bound is known", proved: "Proved optimal: with so many routes the longest cannot take less than %s",
		hoursMinutes: "%d h %02d min", staying: " (stay %.0f min)", visiting: " (visit %d)", unnamed: "unnamed road", junction: "Every short piece of the junction (%s)",
		profiles: map[string]string{"foot": "on foot", "bicycle": "by bicycle", "ebike": "by e-bike", "car": "by car"},
		turns: map[string]string{"depart": "Start along %s", "straight": "Straight on into %s", "slight_left": "Bear left into %s", "left": "Left into %s", "sharp_left": "Sharp left into %s",
			"slight_right": "Bear right into %s", "right": "Right into %s", "sharp_right": "Sharp right into %s", "u_turn": "Turn round, back along %s", "arrive": "Arrive at the start", "checkpoint": "Checkpoint: %s", "wait": "Wait, then go along %s"},
		reasons: map[string]string{"unreachable": "cannot be reached and left again", "forbidden": "may not be used", "beyond shift": "farther than a shift", "other": "other"},
	},
}

// instruction is one step in words.
func (w phrases) instruction(turn, street string) string {
	if street == "" {
		street = w.unnamed
	}
	text, ok := w.turns[turn]
	if !ok {
		text = w.turns["straight"]
	}
	if turn == "arrive" {
		return text
	}
	return fmt.Sprintf(text, street)
}

// stay tells how long one waits and stays at a checkpoint, where that is a minute or more.
func (w phrases) stay(seconds float64) string {
	if seconds < 30 {
		return ""
	}
	return fmt.Sprintf(w.staying, seconds/60)
}

// visit tells which of several visits of a street begins.
func (w phrases) visit(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(w.visiting, n)
}

// hours renders seconds as hours and minutes.
func (w phrases) hours(seconds float64) string {
	m := int(seconds/60 + 0.5)
	return fmt.Sprintf(w.hoursMinutes, m/60, m%60)
}
