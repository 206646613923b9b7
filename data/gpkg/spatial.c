// The functions that GeoPackage expects of a program that writes to an indexed layer.
// They are C because a bulk load calls them five times a row: through Go each call
// costs more than the row itself.
#include "spatial.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { head_bytes = 8, deepest = 8, utf8 = 1, deterministic = 0x800, innocuous = 0x200000 };

// reader walks over the bytes of one geometry.
typedef struct {
	const unsigned char *at, *end;
	int little;
} reader;

static int read_u32(reader *r, uint32_t *v) {
	if (r->end - r->at < 4) return 0;
	const unsigned char *p = r->at;
	*v = r->little ? p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24
	               : p[3] | p[2] << 8 | p[1] << 16 | (uint32_t)p[0] << 24;
	r->at += 4;
	return 1;
}

static int read_double(reader *r, double *v) {
	uint64_t bits = 0;
	if (r->end - r->at < 8) return 0;
	for (int i = 0; i < 8; i++) bits |= (uint64_t)r->at[r->little ? i : 7 - i] << (8 * i);
	memcpy(v, &bits, 8);
	r->at += 8;
	return 1;
}

static int widen(reader *r, uint32_t positions, int dimensions, double box[4]) {
	for (; positions > 0; positions--) {
		double x, y, other;
		if (!read_double(r, &x) || !read_double(r, &y)) return 0;
		for (int i = 2; i < dimensions; i++)
			if (!read_double(r, &other)) return 0;
		if (isnan(x) || isnan(y)) continue;
		if (x < box[0]) box[0] = x;
		if (x > box[1]) box[1] = x;
		if (y < box[2]) box[2] = y;
		if (y > box[3]) box[3] = y;
	}
	return 1;
}

// walk widens the box by one geometry in well-known binary.
static int walk(reader *r, int depth, double box[4]) {
	uint32_t type, count, positions;
	if (depth > deepest || r->end - r->at < 1 || *r->at > 1) return 0;
	r->little = *r->at++;
	if (!read_u32(r, &type)) return 0;
	int dimensions = 2 + (type / 1000 == 1 || type / 1000 == 2) + 2 * (type / 1000 == 3);
	switch (type % 1000) {
	case 1:
		return widen(r, 1, dimensions, box);
	case 2:
		return read_u32(r, &count) && widen(r, count, dimensions, box);
	case 3:
		if (!read_u32(r, &count)) return 0;
		for (double *into = box, hole[4] = {0}; count > 0; count--, into = hole) // holes lie within the first ring
			if (!read_u32(r, &positions) || !widen(r, positions, dimensions, into)) return 0;
		return 1;
	case 4: case 5: case 6: case 7:
		if (!read_u32(r, &count)) return 0;
		for (; count > 0; count--)
			if (!walk(r, depth + 1, box)) return 0;
		return 1;
	}
	return 0;
}

int gridbeat_envelope(const unsigned char *blob, int length, double box[4]) {
	static const int box_bytes[] = {0, 32, 48, 48, 64};
	if (!blob || length < head_bytes || blob[0] != 'G' || blob[1] != 'P') return -1;
	int flags = blob[3], kind = (flags >> 1) & 7;
	if (kind > 4 || length < head_bytes + box_bytes[kind]) return -1;
	if (flags & 0x10) return 0;
	reader r = {blob + head_bytes, blob + length, flags & 1};
	if (kind > 0) {
		for (int i = 0; i < 4; i++) read_double(&r, &box[i]);
		return 1;
	}
	box[0] = box[2] = INFINITY;
	box[1] = box[3] = -INFINITY;
	if (!walk(&r, 0, box)) return -1;
	return box[0] <= box[1];
}

static int argument(sqlite3_value *v, double box[4]) {
	const unsigned char *blob = sqlite3_value_blob(v);
	return gridbeat_envelope(blob, sqlite3_value_bytes(v), box);
}

static void side(sqlite3_context *c, int n, sqlite3_value **v) {
	double box[4];
	if (argument(v[0], box) == 1)
		sqlite3_result_double(c, box[(intptr_t)sqlite3_user_data(c)]);
	else
		sqlite3_result_null(c);
}

static void is_empty(sqlite3_context *c, int n, sqlite3_value **v) {
	double box[4];
	int found = argument(v[0], box);
	if (found < 0)
		sqlite3_result_null(c);
	else
		sqlite3_result_int(c, !found);
}

static int add_functions(sqlite3 *db, char **message, const void *interface) {
	static const char *names[] = {"ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"};
	int flags = utf8 | deterministic | innocuous, code = 0;
	for (intptr_t i = 0; i < 4 && code == 0; i++)
		code = sqlite3_create_function_v2(db, names[i], 1, flags, (void *)i, side, 0, 0, 0);
	if (code == 0) code = sqlite3_create_function_v2(db, "ST_IsEmpty", 1, flags, 0, is_empty, 0, 0, 0);
	return code;
}

int gridbeat_spatial(void) { return sqlite3_auto_extension((void (*)(void))add_functions); }
