// What SQLite offers and what spatial.c adds to it. The program's SQLite is the one
// inside mattn/go-sqlite3; these few declarations are part of its stable interface.
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;
typedef void sqlite3_function(sqlite3_context *, int, sqlite3_value **);

int sqlite3_auto_extension(void (*)(void));
int sqlite3_create_function_v2(sqlite3 *, const char *, int, int, void *, sqlite3_function *, sqlite3_function *,
                               void (*)(sqlite3_context *), void (*)(void *));
void *sqlite3_user_data(sqlite3_context *);
const void *sqlite3_value_blob(sqlite3_value *);
int sqlite3_value_bytes(sqlite3_value *);
void sqlite3_result_double(sqlite3_context *, double);
void sqlite3_result_int(sqlite3_context *, int);
void sqlite3_result_null(sqlite3_context *);

// gridbeat_spatial gives every connection that is opened from then on the five
// functions that the triggers of a GeoPackage call. It returns an SQLite result code.
int gridbeat_spatial(void);

// gridbeat_envelope writes min x, max x, min y, max y of a GeoPackage geometry. It
// returns 1, 0 where there is no position at all, and -1 for what is no geometry.
int gridbeat_envelope(const unsigned char *blob, int length, double box[4]);
