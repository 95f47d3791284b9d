// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The orthonormal wavelets of the library, by name and by filter.

#include <array>
#include <span>
#include <string_view>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// Daubechies' extremal-phase wavelets; dbN has N vanishing moments and 2N taps, Haar is db1.
enum class WaveletName { haar = 1, db1 = 1, db2, db3, db4, db5, db6, db7, db8 };

namespace detail {

inline constexpr int max_wavelet_taps = 16;

/// Scaling filters h, from the spectral factorisation of Σ_k C(N−1+k, k) y^k in 60-digit arithmetic; Σ h = √2.
inline constexpr double daubechies[8][max_wavelet_taps] = {
    {0.7071067811865476, 0.7071067811865476},
    {0.48296291314453416, 0.8365163037378079, 0.2241438680420134, -0.12940952255126037},
    {0.33267055295008263, 0.8068915093110925, 0.45987750211849154, -0.13501102001025458, -0.08544127388202666,
     0.03522629188570953},
    {0.2303778133088965, 0.7148465705529157, 0.6308807679298589, -0.027983769416859854, -0.18703481171909309,
     0.030841381835560764, 0.0328830116668852, -0.010597401785069032},
    {0.16010239797419293, 0.6038292697971896, 0.7243085284377729, 0.13842814590132074, -0.24229488706638203,
     -0.032244869584638375, 0.07757149384004572, -0.006241490212798274, -0.012580751999081999, 0.0033357252854737712},
    {0.11154074335010947, 0.49462389039845306, 0.7511339080210954, 0.31525035170919763, -0.22626469396543983,
     -0.12976686756726194, 0.09750160558732304, 0.027522865530305727, -0.03158203931748603, 0.0005538422011614961,
     0.004777257510945511, -0.0010773010853084796},
    {0.07785205408500918, 0.3965393194819173, 0.7291320908462351, 0.4697822874051931, -0.14390600392856498,
     -0.22403618499387498, 0.07130921926683026, 0.08061260915108308, -0.03802993693501441, -0.01657454163066688,
     0.01255099855609984, 0.0004295779729213665, -0.0018016407040474908, 0.00035371379997452024},
    {0.05441584224310401, 0.31287159091429995, 0.6756307362972898, 0.5853546836542067, -0.015829105256349306,
     -0.2840155429615469, 0.0004724845739132828, 0.12874742662047847, -0.017369301001807547, -0.044088253930794755,
     0.013981027917398282, 0.008746094047405777, -0.004870352993451574, -0.00039174037337694705, 0.0006754494064505693,
     -0.00011747678412476953}};

}  // namespace detail

/// Number of taps of a wavelet's filters, 2 for Haar, 2N for dbN.
/// Errors: InputError for a value that names no wavelet.
constexpr int wavelet_taps(WaveletName name) {
  const int moments = static_cast<int>(name);
  if (moments < 1 || moments > 8)
    throw InputError(sentence("wavelet: ", moments, " names no wavelet, expected 1 to 8"));
  return 2 * moments;
}

/// The scaling (low-pass) filter h; the wavelet (high-pass) filter is g_j = (−1)^j h_{L−1−j}.
constexpr std::span<const double> scaling_filter(WaveletName name) {
  return {detail::daubechies[wavelet_taps(name) / 2 - 1], static_cast<std::size_t>(wavelet_taps(name))};
}

/// The wavelet called "haar" or "db1" to "db8".
/// Errors: InputError for any other name.
inline WaveletName wavelet_from_name(std::string_view name) {
  if (name == "haar") return WaveletName::haar;
  if (name.size() == 3 && name.starts_with("db") && name[2] >= '1' && name[2] <= '8')
    return static_cast<WaveletName>(name[2] - '0');
  throw InputError(sentence("wavelet: '", name, "' is not known, expected haar or db1 to db8"));
}

}  // namespace videoonenet
