/*
 * kernel_shani.c -- MD5, SHA-1 and SHA-256 of the same bytes, interleaved.
 *
 * MD5 is one long chain of additions and rotations: while each waits for the
 * one before, the processor's SHA instructions work on the other two digests
 * in the same loop, which then cost next to nothing.  The three compression
 * functions are those of RFC 1321 and FIPS 180-4; a step here is four rounds
 * of MD5, four of SHA-256 and four or eight of SHA-1.
 *
 * In the first round of MD5 three operations stand between one word and the
 * next before it is rotated; AVX-512 does two of them at once (vpternlogd).
 * In the other rounds that gains nothing, or loses more than that because the
 * SHA instructions want the same ports.
 *
 * Compiled with -O3 and for the plain processor; only the functions marked
 * SHANI and AVX512 use more, and ex_kernel_shani() says what this one has.
 */
#include "hashing/kernel.h"

#if defined(__x86_64__)

#include <string.h>

#include <cpuid.h>
#include <immintrin.h>

#define SHANI  __attribute__((__target__("sha,sse4.1,ssse3")))
#define AVX512 __attribute__((__target__("sha,sse4.1,ssse3,avx512f,avx512vl")))
#define INLINE static inline __attribute__((__always_inline__))

enum {
	STEPS = 16, /* a block */
	BLOCK = EX_KERNEL_BLOCK
};

/* RFC 1321, 3.4: the sines, and the rotations of each round. */
static const uint32_t md5_k[64] = { 0xd76aa478, 0xe8c7b756, 0x242070db,
	0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
	0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
	0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
	0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
	0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7,
	0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f,
	0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391 };
static const unsigned md5_rotate[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 },
	{ 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
/* Which word round r takes at its step i: (mul * i + add) mod 16. */
static const unsigned md5_word[4][2] = { { 1, 0 }, { 5, 1 }, { 3, 5 },
	{ 7, 0 } };

/* FIPS 180-4, 4.2.2. */
static const uint32_t sha256_k[64] __attribute__((__aligned__(
    16))) = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1,
	0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
	0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3,
	0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1,
	0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
	0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814,
	0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

/* What the rounds of one block work on. */
struct rounds {
	const uint8_t *block;
	uint32_t a, b, c, d;	/* MD5 */
	__m128i va, vb, vc, vd; /* the same, in the lowest word of each */
	__m128i abcd, e;	/* SHA-1 */
	__m128i w1[4];		/* its last sixteen words */
	__m128i abef, cdgh;	/* SHA-256 */
	__m128i w2[4];
};

INLINE uint32_t
word(const uint8_t *p, unsigned i)
{
	uint32_t w;

	memcpy(&w, &p[4 * i], sizeof(w));
	return w;
}

INLINE uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/*
 * One step of MD5.  b is the word that was made last, so as little as may be
 * stands between it and the sum: what does not need it is added before, and
 * the two halves of the second round's function, which share no bit, apart.
 */
INLINE void
md5_step(struct rounds *s, unsigned i)
{
	unsigned round = i / 16;
	uint32_t a = s->a, b = s->b, c = s->c, d = s->d;

	a += md5_k[i] +
	     word(s->block, (md5_word[round][0] * i + md5_word[round][1]) % 16);
	if (round == 0)
		a += ((c ^ d) & b) ^ d;
	else if (round == 1) {
		a += ~d & c;
		a += d & b;
	} else if (round == 2)
		a += (c ^ d) ^ b;
	else
		a += c ^ (b | ~d);
	s->a = d;
	s->d = c;
	s->c = b;
	s->b = b + rotate(a, md5_rotate[round][i % 4]);
}

/* Four words, as they lie in the block, for the SHA instructions. */
SHANI INLINE __m128i
words(const uint8_t *block, unsigned g)
{
	__m128i v;

	memcpy(&v, &block[16 * g], sizeof(v));
	return v;
}

/* Rounds 4 g to 4 g + 3 of SHA-1. */
SHANI INLINE void
sha1_rounds(struct rounds *s, unsigned g)
{
	const __m128i turn =
	    _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
	__m128i *w = s->w1, e, before = s->abcd;

	if (g < 4)
		w[g] = _mm_shuffle_epi8(words(s->block, g), turn);
	else
		w[g % 4] = _mm_sha1msg2_epu32(
		    _mm_xor_si128(_mm_sha1msg1_epu32(w[g % 4], w[(g + 1) % 4]),
			w[(g + 2) % 4]),
		    w[(g + 3) % 4]);
	e = g == 0 ? _mm_add_epi32(s->e, w[0])
		   : _mm_sha1nexte_epu32(s->e, w[g % 4]);
	if (g < 5)
		s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 0);
	else if (g < 10)
		s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 1);
	else if (g < 15)
		s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 2);
	else
		s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 3);
	s->e = before;
}

/* Rounds 4 g to 4 g + 3 of SHA-256. */
SHANI INLINE void
sha256_rounds(struct rounds *s, unsigned g)
{
	const __m128i turn =
	    _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i *w = s->w2, k, sum;

	if (g < 4)
		w[g] = _mm_shuffle_epi8(words(s->block, g), turn);
	else
		w[g % 4] = _mm_sha256msg2_epu32(
		    _mm_add_epi32(
			_mm_sha256msg1_epu32(w[g % 4], w[(g + 1) % 4]),
			_mm_alignr_epi8(w[(g + 3) % 4], w[(g + 2) % 4], 4)),
		    w[(g + 3) % 4]);
	memcpy(&k, &sha256_k[4 * g], sizeof(k));
	sum = _mm_add_epi32(w[g % 4], k);
	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, sum);
	s->abef = _mm_sha256rnds2_epu32(
	    s->abef, s->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* Step g of the sixteen that make a block. */
SHANI INLINE void
step(struct rounds *s, unsigned g)
{
	md5_step(s, 4 * g);
	sha1_rounds(s, g + g / 4);
	md5_step(s, 4 * g + 1);
	md5_step(s, 4 * g + 2);
	sha256_rounds(s, g);
	md5_step(s, 4 * g + 3);
	/* Twenty of these, in sixteen steps. */
	if (g % 4 == 3)
		sha1_rounds(s, g + g / 4 + 1);
}

SHANI INLINE void
begin(struct rounds *s, const struct ex_kernel_state *k)
{
	__m128i x, y;

	s->a = k->md5[0];
	s->b = k->md5[1];
	s->c = k->md5[2];
	s->d = k->md5[3];
	memcpy(&x, k->sha1, sizeof(x));
	s->abcd = _mm_shuffle_epi32(x, 0x1b);
	s->e = _mm_set_epi32((int)k->sha1[4], 0, 0, 0);
	memcpy(&x, &k->sha256[0], sizeof(x));
	memcpy(&y, &k->sha256[4], sizeof(y));
	x = _mm_shuffle_epi32(x, 0xb1); /* c d a b, highest first */
	y = _mm_shuffle_epi32(y, 0x1b); /* e f g h */
	s->abef = _mm_alignr_epi8(x, y, 8);
	s->cdgh = _mm_blend_epi16(y, x, 0xf0);
}

SHANI INLINE void
end(struct ex_kernel_state *k, const struct rounds *s)
{
	__m128i x, y, z;

	k->md5[0] = s->a;
	k->md5[1] = s->b;
	k->md5[2] = s->c;
	k->md5[3] = s->d;
	z = _mm_shuffle_epi32(s->abcd, 0x1b);
	memcpy(k->sha1, &z, sizeof(z));
	k->sha1[4] = (uint32_t)_mm_extract_epi32(s->e, 3);
	x = _mm_shuffle_epi32(s->abef, 0x1b); /* f e b a, lowest last */
	y = _mm_shuffle_epi32(s->cdgh, 0xb1);
	z = _mm_blend_epi16(x, y, 0xf0);
	memcpy(&k->sha256[0], &z, sizeof(z));
	z = _mm_alignr_epi8(y, x, 8);
	memcpy(&k->sha256[4], &z, sizeof(z));
}

/* The first four steps, which are the first round of MD5. */
SHANI INLINE void
first_steps(struct rounds *s)
{
	step(s, 0);
	step(s, 1);
	step(s, 2);
	step(s, 3);
}

/* The other twelve; was is what the block began with. */
SHANI INLINE void
other_steps(struct rounds *s, const struct rounds *was)
{
	step(s, 4);
	step(s, 5);
	step(s, 6);
	step(s, 7);
	step(s, 8);
	step(s, 9);
	step(s, 10);
	step(s, 11);
	step(s, 12);
	step(s, 13);
	step(s, 14);
	step(s, 15);
	s->a += was->a;
	s->b += was->b;
	s->c += was->c;
	s->d += was->d;
	/* What stands in e is a of four rounds ago: it still rotates. */
	s->e = _mm_sha1nexte_epu32(s->e, was->e);
	s->abcd = _mm_add_epi32(s->abcd, was->abcd);
	s->abef = _mm_add_epi32(s->abef, was->abef);
	s->cdgh = _mm_add_epi32(s->cdgh, was->cdgh);
}

SHANI static void
compress(struct ex_kernel_state *k, const uint8_t *p, size_t nblocks)
{
	struct rounds s;

	begin(&s, k);
	for (; nblocks > 0; nblocks--, p += BLOCK) {
		const struct rounds was = s;

		s.block = p;
		first_steps(&s);
		other_steps(&s, &was);
	}
	end(k, &s);
}

/* x rotated as step i of the first round of MD5 does. */
AVX512 INLINE __m128i
rotate_first(__m128i x, unsigned i)
{
	switch (i % 4) {
	case 0:
		return _mm_rol_epi32(x, 7);
	case 1:
		return _mm_rol_epi32(x, 12);
	case 2:
		return _mm_rol_epi32(x, 17);
	default:
		return _mm_rol_epi32(x, 22);
	}
}

/* Step i of the first round of MD5, in vectors. */
AVX512 INLINE void
md5_first(struct rounds *s, unsigned i)
{
	enum {
		CHOOSE = 0xca /* bits of c where b has ones, else of d */
	};
	__m128i a = s->va, b = s->vb, c = s->vc, d = s->vd;

	a = _mm_add_epi32(a, _mm_set1_epi32((int)md5_k[i]));
	a = _mm_add_epi32(a, _mm_set1_epi32((int)word(s->block, i)));
	a = _mm_add_epi32(a, _mm_ternarylogic_epi32(b, c, d, CHOOSE));
	s->va = d;
	s->vd = c;
	s->vc = b;
	s->vb = _mm_add_epi32(b, rotate_first(a, i));
}

AVX512 INLINE void
step_first(struct rounds *s, unsigned g)
{
	md5_first(s, 4 * g);
	sha1_rounds(s, g);
	md5_first(s, 4 * g + 1);
	md5_first(s, 4 * g + 2);
	sha256_rounds(s, g);
	md5_first(s, 4 * g + 3);
	if (g == 3)
		sha1_rounds(s, g + 1);
}

AVX512 static void
compress_avx512(struct ex_kernel_state *k, const uint8_t *p, size_t nblocks)
{
	struct rounds s;

	/*
	 * The SHA instructions have no form that clears the upper parts of
	 * its registers.  Where a library has left something there, going to
	 * and fro between them and AVX-512 costs a hundred times the work.
	 */
	_mm256_zeroupper();
	begin(&s, k);
	for (; nblocks > 0; nblocks--, p += BLOCK) {
		const struct rounds was = s;

		s.block = p;
		s.va = _mm_cvtsi32_si128((int)s.a);
		s.vb = _mm_cvtsi32_si128((int)s.b);
		s.vc = _mm_cvtsi32_si128((int)s.c);
		s.vd = _mm_cvtsi32_si128((int)s.d);
		step_first(&s, 0);
		step_first(&s, 1);
		step_first(&s, 2);
		step_first(&s, 3);
		s.a = (uint32_t)_mm_cvtsi128_si32(s.va);
		s.b = (uint32_t)_mm_cvtsi128_si32(s.vb);
		s.c = (uint32_t)_mm_cvtsi128_si32(s.vc);
		s.d = (uint32_t)_mm_cvtsi128_si32(s.vd);
		other_steps(&s, &was);
	}
	end(k, &s);
}

static int
has_sha(void)
{
	unsigned a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 ||
	    (c & bit_SSE4_1) == 0)
		return 0;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
	       (b & bit_SHA) != 0;
}

ex_kernel_compress
ex_kernel_shani(void)
{
	return has_sha() ? compress : NULL;
}

/* The system must keep the registers too: the compiler's library asks. */
ex_kernel_compress
ex_kernel_avx512(void)
{
	return has_sha() && __builtin_cpu_supports("avx512f") &&
		       __builtin_cpu_supports("avx512vl")
		   ? compress_avx512
		   : NULL;
}

#else

ex_kernel_compress
ex_kernel_shani(void)
{
	return NULL;
}

ex_kernel_compress
ex_kernel_avx512(void)
{
	return NULL;
}

#endif
